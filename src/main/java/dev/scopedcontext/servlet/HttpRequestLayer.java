package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** An HTTP request that reports when it becomes asynchronous. */
final class HttpRequestLayer extends HttpServletRequestWrapper implements RequestLayer {

    private final AsyncRounds rounds;

    HttpRequestLayer(HttpServletRequest request, AsyncRounds rounds) {
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
