package dev.scopedcontext.servlet;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.ContextTask;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.jspecify.annotations.Nullable;

/** Starts tasks with the context of the request, and calls listeners in its scopes. */
final class RequestAsyncContext implements AsyncContext {

    private final AsyncContext context;
    private final AsyncRounds rounds;
    private final AsyncRound round;

    RequestAsyncContext(AsyncContext context, AsyncRounds rounds, AsyncRound round) {
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
        Runnable inContext = rounds.contextOfTask().wrap(() -> rounds.runMarked(task));
        context.start(() -> startedTask(ContextTask.lenient(inContext)));
    }

    /** Runs a task in its context. An exception of either is a failure of the request. */
    private void startedTask(Runnable inContext) {
        try {
            inContext.run();
        } catch (Throwable thrown) {
            rounds.failed(thrown);
            throw thrown;
        }
    }

    @Override
    public void addListener(AsyncListener listener) {
        if (listener instanceof AsyncRound) { // of a filter further inside, which got this from its request
            context.addListener(listener);
        } else {
            addListener(new ListenerEntry(listener, null, null));
        }
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        addListener(new ListenerEntry(listener, request, response));
    }

    private void addListener(ListenerEntry listener) {
        context.getTimeout(); // throws the container's exception if the request is over
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
        return other instanceof RequestAsyncContext async && async.context.equals(context);
    }

    @Override
    public int hashCode() {
        return context.hashCode();
    }
}
