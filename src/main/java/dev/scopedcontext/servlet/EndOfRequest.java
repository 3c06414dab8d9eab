package dev.scopedcontext.servlet;

import dev.scopedcontext.internal.Failures;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The one listener that the container has: it tells those of the application, in the scope of the request, and
 * ends that when it has told all.
 */
final class EndOfRequest implements AsyncListener {

    private final OpenRequest open;

    EndOfRequest(OpenRequest open) {
        this.open = open;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        Throwable first = Failures.attempt(null, () -> tell(open.listeners(), AsyncListener::onComplete, event));
        Failures.throwIfAny(Failures.attempt(first, open::end));
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        Throwable failure = event.getThrowable();
        open.failed(failure != null
                ? failure
                : new TimeoutException("The asynchronous request was not complete in time"));
        tell(open.listeners(), AsyncListener::onTimeout, event);
    }

    @Override
    public void onError(AsyncEvent event) {
        Throwable failure = event.getThrowable();
        open.failed(failure != null ? failure : new IllegalStateException("The asynchronous request has failed"));
        Throwable first = Failures.attempt(null, () -> tell(open.listeners(), AsyncListener::onError, event));
        if (!open.isCompleted()) { // of which the container is sure to tell
            first = Failures.attempt(first, open::end);
        }
        Failures.throwIfAny(first);
    }

    /** The container forgets its listeners whenever the request becomes asynchronous again. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        List<FilteredListener> before = open.forgetListeners();
        event.getAsyncContext().addListener(this);
        tell(before, AsyncListener::onStartAsync, event);
    }

    /** Tells listeners, each of them whatever those before it throw. */
    private void tell(List<FilteredListener> listeners, FilteredListener.Callback callback, AsyncEvent event) {
        AsyncContext context = new FilteredAsync(event.getAsyncContext(), open);
        Throwable first = null;
        for (FilteredListener listener : listeners) {
            first = Failures.attempt(first, () -> open.tell(() -> listener.tell(callback, event, context)));
        }
        Failures.throwIfAny(first);
    }
}
