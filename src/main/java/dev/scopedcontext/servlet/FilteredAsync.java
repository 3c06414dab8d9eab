package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.jspecify.annotations.Nullable;

/** Starts tasks with the context of the request, and calls listeners in its scope. */
final class FilteredAsync implements AsyncContext {

    private final AsyncContext context;
    private final OpenRequest open;

    FilteredAsync(AsyncContext context, OpenRequest open) {
        this.context = context;
        this.open = open;
    }

    @Override
    public void start(Runnable task) {
        context.start(open.task(task));
    }

    @Override
    public void addListener(AsyncListener listener) {
        context.addListener(new FilteredListener(listener, open));
        open.listenerAdded();
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        context.addListener(new FilteredListener(listener, open), request, response);
        open.listenerAdded();
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    @Override
    public ServletRequest getRequest() {
        return context.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return context.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return context.hasOriginalRequestAndResponse();
    }

    @Override
    public void dispatch() {
        context.dispatch();
    }

    @Override
    public void dispatch(String path) {
        context.dispatch(path);
    }

    @Override
    public void dispatch(@Nullable ServletContext to, String path) {
        context.dispatch(to, path);
    }

    @Override
    public void complete() {
        context.complete();
    }

    @Override
    public void setTimeout(long timeout) {
        context.setTimeout(timeout);
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FilteredAsync async && async.context.equals(context);
    }

    @Override
    public int hashCode() {
        return context.hashCode();
    }
}
