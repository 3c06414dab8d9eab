package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;

/** A plain wrapper of an HTTP request that reports when the request becomes asynchronous. */
final class PlainRequestLayer extends ServletRequestWrapper implements RequestLayer {

    private final AsyncRounds rounds;

    PlainRequestLayer(ServletRequest request, AsyncRounds rounds) {
        super(request);
        this.rounds = rounds;
    }

    @Override
    public AsyncContext startAsync() {
        return rounds.begin(super::startAsync);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return rounds.begin(() -> super.startAsync(request, response));
    }

    @Override
    public AsyncContext getAsyncContext() {
        return rounds.at(super.getAsyncContext());
    }
}
