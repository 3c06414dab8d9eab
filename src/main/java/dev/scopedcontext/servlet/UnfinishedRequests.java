package dev.scopedcontext.servlet;

import dev.scopedcontext.internal.Failures;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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
        Throwable failure = abandoned ? Failures.attempt(null, request::abandon) : null;
        if (request.hasEnded()) { // while it was remembered
            requests.remove(request);
        }
        Failures.throwIfAny(failure);
    }

    void remove(OpenRequest request) {
        requests.remove(request);
    }

    /** Gives all of them up, whatever comes of some. */
    void abandon() {
        abandoned = true;
        Throwable first = null;
        for (OpenRequest request : requests) {
            first = Failures.attempt(first, request::abandon);
        }
        Failures.throwIfAny(first);
    }
}
