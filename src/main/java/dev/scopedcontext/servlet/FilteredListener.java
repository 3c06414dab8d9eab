package dev.scopedcontext.servlet;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A listener of the application, which is called in the scope of the request. */
final class FilteredListener implements AsyncListener {

    private final AsyncListener listener;
    private final OpenRequest open;

    FilteredListener(AsyncListener listener, OpenRequest open) {
        this.listener = requireNonNull(listener, "listener");
        this.open = open;
    }

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
        try {
            tell(AsyncListener::onComplete, event);
        } finally {
            open.listenerDone();
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
        tell(AsyncListener::onTimeout, event);
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
        try {
            tell(AsyncListener::onError, event);
        } finally {
            open.listenerDoneWithError();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
        tell(AsyncListener::onStartAsync, event);
    }

    private void tell(Callback callback, AsyncEvent event) throws IOException {
        AsyncEvent filtered = new AsyncEvent(new FilteredAsync(event.getAsyncContext(), open),
                event.getSuppliedRequest(), event.getSuppliedResponse(), event.getThrowable());
        open.<@Nullable Void, IOException>call(() -> {
            callback.call(listener, filtered);
            return null;
        });
    }

    /** One of the methods of a listener. */
    private interface Callback {

        void call(AsyncListener listener, AsyncEvent event) throws IOException;
    }
}
