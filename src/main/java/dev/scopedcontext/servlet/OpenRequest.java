package dev.scopedcontext.servlet;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that filters have put scopes around: an attribute of it, where each filter finds its own again when
 * the request comes by once more.
 *
 * <p>If it becomes asynchronous, all scopes stay open until it is complete or has failed. The container tells
 * that to one listener, which tells those of the application before it ends the scopes: these are to find them
 * open.
 */
final class OpenRequest {

    /** The name of the attribute: another one where several applications bring this class. */
    private static final String ATTRIBUTE = OpenRequest.class.getName() + "@"
            + Integer.toHexString(System.identityHashCode(OpenRequest.class));

    /** Outermost first. Guarded by this, and never changed in place. */
    private List<FilteredScope> scopes = List.of();

    /** The filters whose scopes around this request have ended. Guarded by this. */
    private final Set<RequestFilter> ended = new HashSet<>();

    /** How many pieces of the work are running, one inside the other mostly. Guarded by this. */
    private int running;

    /** Whether the container has given this request up. Guarded by this. */
    private boolean abandoned;

    /** The asynchronous rounds of this request. */
    final AsyncRounds rounds = new AsyncRounds(this);

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

    /** Tells whether a filter has put a scope around this request that has ended. */
    synchronized boolean hasEnded(RequestFilter filter) {
        return ended.contains(filter);
    }

    /**
     * Calls the first piece of a request in the scope of a filter, which ends with it unless the request goes
     * on. A piece that throws ends the scope in any case, with those inside of it: not every container tells
     * listeners how such a request ends.
     */
    <X extends Throwable> void begin(RequestFilter filter, HttpServletRequest request, OpenScope scope,
            CallableOp<@Nullable Void, X> piece) throws X {
        FilteredScope filtered = new FilteredScope(filter, scope);
        add(filtered);
        this.<X>call(filtered, () -> {
            request.setAttribute(ATTRIBUTE, this);
            piece.call();
            return goesOn(request);
        });
    }

    /** Calls another piece of a request in the scope of a filter. */
    <X extends Throwable> void goOn(FilteredScope filtered, ServletRequest request,
            CallableOp<@Nullable Void, X> piece) throws X {
        this.<X>call(filtered, () -> {
            piece.call();
            rounds.follow(request);
            return true;
        });
    }

    /** Calls a piece, which returns whether the request goes on. */
    private <X extends Throwable> void call(FilteredScope filtered, CallableOp<Boolean, X> piece) throws X {
        this.<X>work(() -> {
            boolean goesOn;
            try {
                goesOn = filtered.<Boolean, X>call(piece);
            } catch (Throwable failure) {
                Failures.attempt(failure, () -> end(take(filtered)));
                throw failure;
            }
            if (goesOn) {
                filtered.filter.unfinished.add(this);
            } else {
                end(take(filtered));
            }
            return null;
        });
    }

    private <X extends Throwable> void work(CallableOp<@Nullable Void, X> piece) throws X {
        enter();
        try {
            piece.call();
        } catch (Throwable failure) {
            Failures.attempt(failure, this::leave);
            throw failure;
        }
        leave();
    }

    private synchronized void enter() {
        running++;
    }

    private void leave() {
        if (isLastOfAbandoned()) {
            end();
        }
    }

    /** Ends a piece, and returns whether it was left to the last one to end the scopes. */
    private synchronized boolean isLastOfAbandoned() {
        running--;
        return running == 0 && abandoned;
    }

    private boolean goesOn(ServletRequest request) {
        rounds.follow(request);
        return rounds.haveBegun();
    }

    private synchronized void add(FilteredScope scope) {
        List<FilteredScope> more = new ArrayList<>(scopes);
        more.add(scope);
        scopes = more;
    }

    /** Removes a scope, if it is there, and those inside of it, which have failed if it has. */
    private synchronized List<FilteredScope> take(FilteredScope first) {
        int at = scopes.indexOf(first);
        if (at < 0) {
            return List.of();
        }
        List<FilteredScope> taken = scopes.subList(at, scopes.size());
        taken.forEach(scope -> scope.failedIn(first));
        return take(at);
    }

    private synchronized List<FilteredScope> take(int at) {
        List<FilteredScope> taken = scopes.subList(at, scopes.size());
        scopes = scopes.subList(0, at);
        taken.forEach(scope -> ended.add(scope.filter));
        return taken;
    }

    synchronized List<FilteredScope> scopes() {
        return scopes;
    }

    /** Ends the scopes of a request that its container has given up, or has a running piece do it. */
    void abandon() {
        failed(new IllegalStateException("The application was stopped before the asynchronous request was complete"));
        if (giveUp()) {
            end();
        }
    }

    /** Returns whether no piece is running that would end the scopes. */
    private synchronized boolean giveUp() {
        abandoned = true;
        return running == 0;
    }

    /**
     * Ends the scopes of a request whose end its container does not report, if no piece is running.
     *
     * @return false if a piece is running
     */
    boolean abandonIfIdle(Throwable failure) {
        if (!giveUpIfIdle()) {
            return false;
        }
        failed(failure);
        end();
        return true;
    }

    private synchronized boolean giveUpIfIdle() {
        if (running == 0) {
            abandoned = true;
        }
        return running == 0;
    }

    boolean hasEnded() {
        return scopes().isEmpty();
    }

    /** Ends the scopes, in nothing else: Jetty may come here on the thread of whoever completes the request. */
    void end() {
        runInNothing(() -> end(take(0)));
    }

    private void end(List<FilteredScope> scopes) {
        scopes.forEach(scope -> scope.filter.unfinished.remove(this));
        if (hasEnded()) {
            rounds.expectNoEnd();
        }
        FilteredScope.endAll(scopes);
    }

    void failed(Throwable failure) {
        scopes().forEach(scope -> scope.failed(failure));
    }

    /**
     * Tells something that comes by no filter, in the scopes of all of them, and in nothing else. It is told outside
     * of those that cannot be entered.
     */
    void tell(Runnable telling) {
        this.<RuntimeException>work(() -> {
            runInNothing(() -> FilteredScope.runIn(scopes(), telling));
            return null;
        });
    }

    /** Runs something in nothing of what the calling thread has, unless that cannot be hidden. */
    private void runInNothing(Runnable op) {
        Endings.reach(ContextSnapshot.empty()::run, refusal -> {
            if (refusal != null) {
                failed(refusal);
            }
            op.run();
        });
    }

    /** Tells whether the caller is in one of the scopes. */
    boolean isEntered() {
        return scopes().stream().anyMatch(FilteredScope::isEntered);
    }
}
