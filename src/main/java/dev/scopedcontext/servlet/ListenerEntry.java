package dev.scopedcontext.servlet;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.Failures;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A listener of the application, with the request and response with which it was added. Each may be null. */
final class ListenerEntry {

    private final AsyncListener listener;
    private final @Nullable ServletRequest request;
    private final @Nullable ServletResponse response;

    ListenerEntry(AsyncListener listener, @Nullable ServletRequest request, @Nullable ServletResponse response) {
        this.listener = requireNonNull(listener, "listener");
        this.request = request;
        this.response = response;
    }

    /** Notifies the listener of an event. All its exceptions propagate unchanged. */
    void tell(Callback callback, AsyncEvent event, AsyncContext context) {
        AsyncEvent copy = new AsyncEvent(context,
                request != null ? request : event.getSuppliedRequest(),
                response != null ? response : event.getSuppliedResponse(),
                event.getThrowable());
        Failures.throwIfAny(Failures.attempt(null, () -> callback.call(listener, copy)));
    }

    /** One of the methods of a listener. */
    interface Callback {

        void call(AsyncListener listener, AsyncEvent event) throws IOException;
    }
}
