package dev.scopedcontext.servlet;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.Log;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one filter. Asynchronous ones are recorded until they end, because the application may be stopped.
 */
final class FilterRequests {

    /** The key to which the filter binds its scope for the current request. */
    final ContextKey<FilterScope> current = ContextKey.named("request");

    private final Set<RequestScopes> unfinished = ConcurrentHashMap.newKeySet();

    /** Whether the application has been stopped. */
    private volatile boolean stopped;

    /** The name of the filter in the application. */
    private volatile String name;

    /** Whether a dispatch that did not pass the filter has been reported. */
    private final AtomicBoolean missedDispatch = new AtomicBoolean();

    FilterRequests(String name) {
        this.name = name;
    }

    /** Prepares for requests, also if an application is started again after it was stopped. */
    void start(@Nullable String nameInApplication) {
        stopped = false;
        if (nameInApplication != null) {
            name = nameInApplication;
        }
    }

    /** Records a request that continues, or abandons it if the application has been stopped. */
    void add(RequestScopes request) {
        unfinished.add(request);
        Throwable failure = stopped ? Failures.attempt(null, request::abandon) : null;
        if (request.hasEnded()) { // while it was added
            unfinished.remove(request);
        }
        Failures.throwIfAny(failure);
    }

    void remove(RequestScopes request) {
        unfinished.remove(request);
    }

    /** Abandons all requests that have not ended, regardless of exceptions that some of them cause. */
    void stop() {
        stopped = true;
        Throwable first = null;
        for (RequestScopes request : unfinished) {
            first = Failures.attempt(first, request::abandon);
        }
        Failures.throwIfAny(first);
    }

    /** Reports once that an asynchronous dispatch did not pass the filter. */
    void reportMissedDispatch() {
        if (!missedDispatch.getAndSet(true)) {
            Log.warn("An asynchronous dispatch did not pass"
                    + " the filter " + name
                    + ", so it ran outside the filter's scope. Map the filter to the dispatcher"
                    + " types REQUEST, ASYNC and ERROR, as RequestFilter.addTo(ServletContext) does", null);
        }
    }
}
