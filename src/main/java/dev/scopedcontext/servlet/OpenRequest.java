package dev.scopedcontext.servlet;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that filters have put scopes around: an attribute of it, where each filter finds its own again when
 * the request comes by once more.
 *
 * <p>If it becomes asynchronous, all scopes stay open until it is complete or has failed. The container tells
 * that to listeners, one after the other. Those of the application are to find the scopes open, so the last of
 * them ends these.
 */
final class OpenRequest {

    private static final String ATTRIBUTE = OpenRequest.class.getName();

    /** Outermost first. Guarded by this, and never changed in place. */
    private List<FilteredScope> scopes = List.of();

    /** How many listeners are still to be told of the completion, and of an error. Guarded by this. */
    private int listeners;
    private int listenersOfError;

    /** The context in which the request became asynchronous; null as long as it is not. */
    private volatile @Nullable ContextSnapshot started;

    /** Returns what is known of a request, which may be nothing yet. */
    static OpenRequest of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof OpenRequest open ? open : new OpenRequest();
    }

    /** Returns the scope that a filter has put around this request and that has not ended, or null. */
    synchronized @Nullable FilteredScope scopeOf(RequestFilter filter) {
        for (FilteredScope scope : scopes) {
            if (scope.filter == filter) {
                return scope;
            }
        }
        return null;
    }

    /**
     * Calls the first piece of a request in the scope of a filter, which ends with it unless the request goes
     * on. If it throws, the scope ends in any case: not every container tells the listeners that such a request
     * is complete.
     */
    <X extends Throwable> void begin(RequestFilter filter, HttpServletRequest request, OpenScope scope,
            CallableOp<@Nullable Void, X> piece) throws X {
        FilteredScope filtered = new FilteredScope(filter, scope);
        add(filtered);
        request.setAttribute(ATTRIBUTE, this);
        boolean goesOn = false;
        try {
            filtered.<@Nullable Void, X>call(piece);
            goesOn = goesOn(request);
        } finally {
            if (goesOn) {
                filter.goesOn(this);
            } else {
                remove(filtered, request);
                filtered.end();
            }
        }
    }

    private boolean goesOn(HttpServletRequest request) {
        if (started == null && request.isAsyncStarted()) { // by something that has unwrapped it
            started(request.getAsyncContext());
        }
        return started != null;
    }

    private synchronized void add(FilteredScope scope) {
        List<FilteredScope> more = new ArrayList<>(scopes);
        more.add(scope);
        scopes = more;
    }

    private synchronized void remove(FilteredScope scope, HttpServletRequest request) {
        List<FilteredScope> fewer = new ArrayList<>(scopes);
        fewer.remove(scope);
        scopes = fewer;
        if (fewer.isEmpty()) {
            request.removeAttribute(ATTRIBUTE);
        }
    }

    private synchronized List<FilteredScope> scopes() {
        return scopes;
    }

    /** Returns the request as it tells when it becomes asynchronous. */
    HttpServletRequest wrap(HttpServletRequest request) {
        boolean wrapped = request instanceof FilteredRequest
                || (request instanceof ServletRequestWrapper other && other.isWrapperFor(FilteredRequest.class));
        return wrapped ? request : new FilteredRequest(request, this);
    }

    /** Follows the request from now on. */
    FilteredAsync started(AsyncContext context) {
        started = ScopedContext.capture();
        if (!isListening()) {
            context.addListener(new EndOfRequest(this));
        }
        return new FilteredAsync(context, this);
    }

    /** Tells whether there is a listener; if not there is to be one now. */
    private synchronized boolean isListening() {
        if (listeners > 0) {
            return true;
        }
        restarted();
        return false;
    }

    /** Notes that of all listeners there is the first one only, since the container has forgotten the others. */
    synchronized void restarted() {
        listeners = 1;
        listenersOfError = 1;
    }

    synchronized void listenerAdded() {
        listeners++;
        listenersOfError++;
    }

    /** Notes that a listener has been told of the completion, and ends the scopes if it was the last one. */
    void listenerDone() {
        if (isLastListener()) {
            end();
        }
    }

    private synchronized boolean isLastListener() {
        listeners--;
        return listeners == 0;
    }

    /** Notes that a listener has been told of an error, and ends the scopes if it was the last one. */
    void listenerDoneWithError() {
        if (isLastListenerOfError()) {
            end();
        }
    }

    private synchronized boolean isLastListenerOfError() {
        listenersOfError--;
        return listenersOfError == 0;
    }

    /** Ends the scopes of a request that its container has given up. */
    void abandon() {
        failed(new IllegalStateException("The application was stopped before the asynchronous request was complete"));
        end();
    }

    boolean hasEnded() {
        return scopes().isEmpty();
    }

    private void end() {
        List<FilteredScope> ended = takeScopes();
        ended.forEach(scope -> scope.filter.hasEnded(this));
        FilteredScope.endAll(ended);
    }

    private synchronized List<FilteredScope> takeScopes() {
        List<FilteredScope> taken = scopes;
        scopes = List.of();
        return taken;
    }

    void failed(Throwable failure) {
        scopes().forEach(scope -> scope.failed(failure));
    }

    /** Calls something that comes by no filter in the scopes of all of them. */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return FilteredScope.<R, X>callIn(scopes(), op);
    }

    /** Returns a task for another thread, which sees the context of the caller, or else that of the start. */
    Runnable task(Runnable task) {
        requireNonNull(task, "task");
        ContextSnapshot atStart = started;
        ContextSnapshot context = atStart == null || isEntered() ? ScopedContext.capture() : atStart;
        return context.wrap(() -> {
            try {
                task.run();
            } catch (Throwable thrown) {
                failed(thrown);
                throw thrown;
            }
        });
    }

    private boolean isEntered() {
        return scopes().stream().anyMatch(FilteredScope::isEntered);
    }
}
