package dev.scopedcontext.servlet;

import dev.scopedcontext.internal.Failures;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A round of a request, from one {@code startAsync} to the next one or to the end. The container calls only this
 * listener in each round. It notifies the listeners of the application in the scopes of the request. The last round
 * then ends these scopes.
 *
 * <p>The reasons are in {@code docs/decisions/0014-scopes-of-requests.md}.
 */
final class AsyncRound implements AsyncListener {

    /** The context of the container. Some containers have one for the request, others one for each round. */
    final AsyncContext context;

    private final RequestScopes scopes;
    private final AsyncRounds rounds;

    /** The listeners of the application. Guarded by this; the list itself is immutable. */
    private List<ListenerEntry> listeners = List.of();

    AsyncRound(AsyncContext context, RequestScopes scopes, AsyncRounds rounds) {
        this.context = context;
        this.scopes = scopes;
        this.rounds = rounds;
    }

    synchronized void listen(ListenerEntry listener) {
        List<ListenerEntry> more = new ArrayList<>(listeners);
        more.add(listener);
        listeners = more;
    }

    private synchronized List<ListenerEntry> listeners() {
        return listeners;
    }

    /** Ends the request with its last round. Undertow also completes the round before it. */
    @Override
    public void onComplete(AsyncEvent event) {
        boolean last = rounds.isLast(this);
        if (last) {
            rounds.checkDispatch();
        }
        Throwable first = Failures.attempt(null, () -> tell(AsyncListener::onComplete, event));
        if (last) {
            first = Failures.attempt(first, scopes::end);
        }
        Failures.throwIfAny(first);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        Throwable failure = event.getThrowable();
        scopes.failed(failure != null
                ? failure
                : new TimeoutException("The asynchronous request was not complete in time"));
        int before = rounds.answers();
        Throwable first = Failures.attempt(null, () -> tell(AsyncListener::onTimeout, event));
        if (!rounds.isAnsweredSince(before)) {
            scopes.expectEnd();
        }
        Failures.throwIfAny(first);
    }

    @Override
    public void onError(AsyncEvent event) {
        Throwable failure = event.getThrowable();
        scopes.failed(failure != null ? failure : new IllegalStateException("The asynchronous request has failed"));
        int before = rounds.answers();
        Throwable first = Failures.attempt(null, () -> tell(AsyncListener::onError, event));
        rounds.expectNoDispatch();
        if (rounds.isAnsweredSince(before)) {
            scopes.expectEnd(); // Tomcat may not report it after a dispatch that it accepts but does not make
        } else if (rounds.isLast(this)) {
            first = Failures.attempt(first, scopes::end);
        }
        Failures.throwIfAny(first);
    }

    /**
     * Begins the next round if it was started without the filter. Tomcat and Jetty call this within {@code startAsync},
     * and have already dropped their listeners. Undertow calls it when the dispatch has returned.
     */
    @Override
    public void onStartAsync(AsyncEvent event) {
        rounds.after(this, event.getAsyncContext());
        tell(AsyncListener::onStartAsync, event);
    }

    /** Notifies all listeners, regardless of exceptions that some of them throw. */
    private void tell(ListenerEntry.Callback callback, AsyncEvent event) {
        AsyncContext filtered = new RequestAsyncContext(event.getAsyncContext(), rounds, this);
        Throwable first = null;
        for (ListenerEntry listener : listeners()) {
            first = Failures.attempt(first, () -> scopes.tell(() -> listener.tell(callback, event, filtered)));
        }
        Failures.throwIfAny(first);
    }
}
