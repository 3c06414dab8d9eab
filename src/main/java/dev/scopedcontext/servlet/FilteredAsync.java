package dev.scopedcontext.servlet;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.executor.ContextExecutors;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.jspecify.annotations.Nullable;

/** Starts tasks with the context of the request, and has listeners called in its scope. */
final class FilteredAsync implements AsyncContext {

    private final AsyncContext context;
    private final AsyncRounds rounds;
    private final AsyncRound round;

    FilteredAsync(AsyncContext context, AsyncRounds rounds, AsyncRound round) {
        this.context = context;
        this.rounds = rounds;
        this.round = round;
    }

    boolean isOf(AsyncRounds rounds) {
        return this.rounds == rounds;
    }

    @Override
    public void start(Runnable task) {
        requireNonNull(task, "task");
        ContextExecutors.fixed(this::startHandedOver, rounds.contextOfTask()).execute(task);
    }

    /** Starts a task that brings its context; that it cannot be run in it is a failure of the request, too. */
    private void startHandedOver(Runnable task) {
        context.start(() -> {
            try {
                task.run();
            } catch (Throwable thrown) {
                rounds.failed(thrown);
                throw thrown;
            }
        });
    }

    @Override
    public void addListener(AsyncListener listener) {
        if (listener instanceof AsyncRound) { // of a filter further inside, which got this from its request
            context.addListener(listener);
        } else {
            addListener(new FilteredListener(listener, null, null));
        }
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        addListener(new FilteredListener(listener, request, response));
    }

    private void addListener(FilteredListener listener) {
        context.getTimeout(); // throws what the container has to say if the request is over
        rounds.listen(listener, context, round);
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
        rounds.dispatch(context::dispatch);
    }

    @Override
    public void dispatch(String path) {
        rounds.dispatch(() -> context.dispatch(path));
    }

    @Override
    public void dispatch(@Nullable ServletContext to, String path) {
        rounds.dispatchElsewhere(() -> context.dispatch(to, path));
    }

    @Override
    public void complete() {
        rounds.complete(context::complete);
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
