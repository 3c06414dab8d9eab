package dev.scopedcontext.servlet;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The asynchronous requests of one filter that have not ended, for the case that the application is stopped. */
final class UnfinishedRequests {

    private final Set<OpenRequest> requests = ConcurrentHashMap.newKeySet();

    /** Whether the application has been stopped, and they are not waited for any more. */
    private volatile boolean abandoned;

    /** Waits for requests again, after an application has been stopped and is started again. */
    void startAnew() {
        abandoned = false;
    }

    /** Remembers a request that goes on, or gives it up if it is not waited for any more. */
    void add(OpenRequest request) {
        requests.add(request);
        if (abandoned) {
            request.abandon();
        }
        if (request.hasEnded()) { // while it was remembered
            requests.remove(request);
        }
    }

    void remove(OpenRequest request) {
        requests.remove(request);
    }

    /** Gives all of them up, whatever comes of some. */
    void abandon() {
        abandoned = true;
        Throwable first = null;
        for (OpenRequest request : requests) {
            try {
                request.abandon();
            } catch (Throwable failure) {
                first = add(first, failure);
            }
        }
        if (first != null) {
            UnfinishedRequests.<RuntimeException>rethrow(first);
        }
    }

    private static Throwable add(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            first.addSuppressed(next);
        }
        return first;
    }

    /** Throws what a callback has thrown as it is, which may be of any type. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void rethrow(Throwable failure) throws X {
        throw (X) failure;
    }
}
