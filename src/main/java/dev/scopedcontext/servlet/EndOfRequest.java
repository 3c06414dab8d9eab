package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.Closeable;
import java.io.IOException;
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
    public void onComplete(AsyncEvent event) throws IOException {
        try {
            tell(open.listeners(), AsyncListener::onComplete, event);
        } finally {
            open.end();
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
        Throwable failure = event.getThrowable();
        open.failed(failure != null
                ? failure
                : new TimeoutException("The asynchronous request was not complete in time"));
        tell(open.listeners(), AsyncListener::onTimeout, event);
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
        Throwable failure = event.getThrowable();
        open.failed(failure != null ? failure : new IllegalStateException("The asynchronous request has failed"));
        try {
            tell(open.listeners(), AsyncListener::onError, event);
        } finally {
            if (!open.isCompleted()) { // of which the container is sure to tell
                open.end();
            }
        }
    }

    /** The container forgets its listeners whenever the request becomes asynchronous again. */
    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
        List<FilteredListener> before = open.forgetListeners();
        event.getAsyncContext().addListener(this);
        tell(before, AsyncListener::onStartAsync, event);
    }

    /** Tells listeners, each of them whatever those before it throw. */
    private void tell(List<FilteredListener> listeners, FilteredListener.Callback callback, AsyncEvent event)
            throws IOException {
        if (listeners.isEmpty()) {
            return;
        }
        AsyncContext context = new FilteredAsync(event.getAsyncContext(), open);
        try (Closeable others = () -> tell(listeners.subList(1, listeners.size()), callback, event)) {
            open.<IOException>call(() -> {
                listeners.get(0).tell(callback, event, context);
                return null;
            });
        }
    }
}
