package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** A request that tells when it becomes asynchronous. */
final class FilteredRequest extends HttpServletRequestWrapper {

    private final OpenRequest open;

    FilteredRequest(HttpServletRequest request, OpenRequest open) {
        super(request);
        this.open = open;
    }

    @Override
    public AsyncContext startAsync() {
        return open.started(super::startAsync);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return open.started(() -> super.startAsync(request, response));
    }

    @Override
    public AsyncContext getAsyncContext() {
        return new FilteredAsync(super.getAsyncContext(), open);
    }
}
