package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;

/** An HTTP request in a plain wrapper, which reports when it becomes asynchronous. */
final class FilteredServletRequest extends ServletRequestWrapper implements Filtered {

    private final AsyncRounds rounds;

    FilteredServletRequest(ServletRequest request, AsyncRounds rounds) {
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
