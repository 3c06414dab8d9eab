package dev.scopedcontext.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.TimeoutException;

/** Listens for why and when an asynchronous request ends; added before the listeners of the application. */
final class EndOfRequest implements AsyncListener {

    private final OpenRequest open;

    EndOfRequest(OpenRequest open) {
        this.open = open;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        open.listenerDone();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        Throwable failure = event.getThrowable();
        open.failed(failure != null
                ? failure
                : new TimeoutException("The asynchronous request was not complete in time"));
    }

    @Override
    public void onError(AsyncEvent event) {
        Throwable failure = event.getThrowable();
        open.failed(failure != null ? failure : new IllegalStateException("The asynchronous request has failed"));
        open.listenerDoneWithError();
    }

    /** The container forgets its listeners whenever the request becomes asynchronous again. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        open.restarted();
        event.getAsyncContext().addListener(this);
    }
}
