package dev.scopedcontext.servlet;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The asynchronous part of a request: its rounds, and the calls of the application that end or dispatch it. */
final class AsyncRounds {

    private final RequestScopes scopes;
    private final DispatchCheck dispatch = new DispatchCheck();

    /** The last round so far; null if the request is not asynchronous. Guarded by this. */
    private @Nullable AsyncRound last;

    /** The context in which the last round started, or null. */
    private volatile @Nullable ContextSnapshot started;

    /** How many calls of complete() and dispatch() the container has accepted. Guarded by this. */
    private int answers;

    /** Whether the container has accepted a call of complete(). Guarded by this. */
    private boolean completed;

    AsyncRounds(RequestScopes scopes) {
        this.scopes = scopes;
    }

    /** Makes the request asynchronous, and follows it from now on. */
    RequestAsyncContext begin(Supplier<AsyncContext> startAsync) {
        ContextSnapshot here = ScopedContext.capture(); // first, since it may fail
        AsyncRound before = last();
        AsyncContext context = startAsync.get();
        started = here;
        return new RequestAsyncContext(context, this, after(before, context));
    }

    /** Follows a request that was made asynchronous without the filter, if it was. */
    void follow(ServletRequest request) {
        AsyncContext context;
        try {
            context = request.isAsyncStarted() ? request.getAsyncContext() : null;
        } catch (IllegalStateException completed) { // by another thread, between the two calls
            return;
        }
        if (context != null) {
            at(context);
        }
    }

    /** Returns the asynchronous context for the application, in the round of the given context of the container. */
    RequestAsyncContext at(AsyncContext context) {
        if (context instanceof RequestAsyncContext ours && ours.isOf(this)) {
            return ours;
        }
        AsyncRound round = last();
        if (round == null || !round.context.equals(context)) {
            if (started == null) {
                started = ScopedContext.capture();
            }
            round = after(round, context);
        }
        return new RequestAsyncContext(context, this, round);
    }

    /** Returns the round after another one, or the first one. It may have begun already. */
    AsyncRound after(@Nullable AsyncRound before, AsyncContext context) {
        AsyncRound next;
        synchronized (this) {
            if (last != before) {
                return Objects.requireNonNull(last);
            }
            next = new AsyncRound(context, scopes, this);
            last = next;
        }
        scopes.expectNoEnd();
        context.addListener(next);
        return next;
    }

    private synchronized @Nullable AsyncRound last() {
        return last;
    }

    boolean haveBegun() {
        return last() != null;
    }

    synchronized boolean isLast(AsyncRound round) {
        return last == round;
    }

    /** Adds a listener to the current round of the asynchronous context, or else to the round that it was in. */
    void listen(ListenerEntry listener, AsyncContext context, AsyncRound held) {
        AsyncRound now = last();
        (now != null && now.context.equals(context) ? now : held).listen(listener);
    }

    /** Makes a dispatch, which is expected to pass the filter. */
    void dispatch(Runnable call) {
        scopes.noteMarks();
        dispatch.expect(call);
        answered();
    }

    /** Makes a dispatch that may lead to another application, which has other filters. */
    void dispatchElsewhere(Runnable call) {
        scopes.noteMarks();
        call.run();
        answered();
    }

    private synchronized void answered() {
        answers++;
    }

    /** Records that a dispatch passes a filter. */
    void reached(FilterRequests filter) {
        dispatch.reached(filter);
    }

    /** Reports the filters that the last dispatch has not passed. */
    void checkDispatch() {
        dispatch.check(scopes.scopes());
    }

    /** Expects no dispatch after an error: not every container makes a dispatch that it accepts at that time. */
    void expectNoDispatch() {
        dispatch.forget();
    }

    /** Completes the request. */
    void complete(Runnable call) {
        scopes.noteMarks();
        call.run();
        synchronized (this) {
            answers++;
            completed = true;
        }
        scopes.expectEnd();
    }

    /** Returns how many times the application has completed or dispatched the request. */
    synchronized int answers() {
        return answers;
    }

    /**
     * Returns whether the application has completed the request, or has dispatched it since a call of {@link #answers}.
     */
    synchronized boolean isAnsweredSince(int before) {
        return completed || answers != before;
    }

    void failed(Throwable failure) {
        scopes.failed(failure);
    }

    /** Runs a task that was started for the request. */
    void runMarked(Runnable task) {
        scopes.runMarked(task);
    }

    /**
     * Returns the context for a task on another thread: that of the caller, or else that in which the round started.
     */
    ContextSnapshot contextOfTask() {
        ContextSnapshot atStart = started;
        return atStart == null || scopes.isEntered() ? ScopedContext.capture() : atStart;
    }
}
