package dev.scopedcontext.servlet;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scopes that filters have opened for one request. If the request becomes asynchronous, all of them stay open until
 * it is complete or has failed.
 */
final class RequestScopes {

    /** Outermost first. Guarded by this; the list itself is immutable. */
    private List<FilterScope> scopes = List.of();

    /** The filters whose scopes around this request have ended. Guarded by this. */
    private final Set<FilterRequests> ended = new HashSet<>();

    /** The number of pieces of the work that are running. Guarded by this. */
    private int running;

    /** Whether the container has abandoned this request, so that the last piece ends the scopes. Guarded by this. */
    private boolean abandoned;

    /** Ends the scopes if the container does not report the end of the request. */
    private final EndTimer timer = new EndTimer(this, EndTimer.PATIENCE);

    /** Returns the scope that a filter has opened for this request and that has not ended, or null. */
    synchronized @Nullable FilterScope scopeOf(FilterRequests filter) {
        for (FilterScope scope : scopes) {
            if (scope.filter == filter) {
                return scope;
            }
        }
        return null;
    }

    /** Tells whether a filter has opened a scope for this request that has ended. */
    synchronized boolean hasEnded(FilterRequests filter) {
        return ended.contains(filter);
    }

    /** Adds the innermost scope. */
    synchronized FilterScope add(FilterRequests filter, OpenScope open) {
        FilterScope scope = new FilterScope(filter, open);
        List<FilterScope> more = new ArrayList<>(scopes);
        more.add(scope);
        scopes = more;
        return scope;
    }

    /**
     * Calls a piece of the request in the scope of a filter. The scope ends with the piece unless the piece returns
     * true, because the request continues. A piece that throws always ends the scope and those inside it: not every
     * container notifies listeners of the end of such a request.
     */
    <X extends Throwable> void call(FilterScope scope, CallableOp<Boolean, X> piece) throws X {
        this.<X>work(() -> {
            boolean goesOn;
            try {
                goesOn = scope.<Boolean, X>call(piece);
            } catch (Throwable failure) {
                Failures.attempt(failure, () -> end(takeFailed(scope, failure)));
                throw failure;
            }
            if (goesOn) {
                scope.filter.add(this);
            } else {
                end(take(scope));
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

    /** Ends a piece, and returns whether it was the last one and must end the scopes. */
    private synchronized boolean isLastOfAbandoned() {
        running--;
        return running == 0 && abandoned;
    }

    /** Removes a scope, if it is present, and those inside it, which fail with it. */
    private synchronized List<FilterScope> takeFailed(FilterScope first, Throwable failure) {
        List<FilterScope> taken = take(first);
        taken.forEach(scope -> scope.failed(failure));
        return taken;
    }

    /** Removes a scope, if it is present, and those inside it. */
    private synchronized List<FilterScope> take(FilterScope first) {
        int at = scopes.indexOf(first);
        return at < 0 ? List.of() : take(at);
    }

    private synchronized List<FilterScope> take(int at) {
        List<FilterScope> taken = scopes.subList(at, scopes.size());
        scopes = scopes.subList(0, at);
        taken.forEach(scope -> ended.add(scope.filter));
        return taken;
    }

    synchronized List<FilterScope> scopes() {
        return scopes;
    }

    /** Ends the scopes of a request whose application is stopped, or leaves that to the last running piece. */
    void abandon() {
        failed(new IllegalStateException("The application was stopped before the asynchronous request was complete"));
        if (giveUp()) {
            end();
        }
    }

    /** Returns true if no piece is running. Otherwise the last piece ends the scopes. */
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

    /** Ends the scopes in an empty context: Jetty may call this on the thread that completes the request. */
    void end() {
        runInNothing(() -> end(take(0)));
    }

    private void end(List<FilterScope> taken) {
        taken.forEach(scope -> scope.filter.remove(this));
        if (hasEnded()) {
            expectNoEnd();
        }
        FilterScope.endAll(taken);
    }

    /** Expects the container to report the end of the request soon. */
    void expectEnd() {
        timer.start();
    }

    /** Stops expecting a report, because the request has ended or continues. */
    void expectNoEnd() {
        timer.stop();
    }

    void failed(Throwable failure) {
        scopes().forEach(scope -> scope.failed(failure));
    }

    /** Runs a task that was started for the request. A failure that it is marked with is a failure of all scopes. */
    void runMarked(Runnable task) {
        FilterScope.runMarked(scopes(), task);
    }

    /**
     * Records the failures with which the calling piece has been marked, before it lets the request continue or end.
     */
    void noteMarks() {
        scopes().forEach(FilterScope::noteMarks);
    }

    /**
     * Runs a notification that does not pass the filters, in the scopes of all of them and in no other context. It runs
     * outside the scopes that cannot be entered.
     */
    void tell(Runnable telling) {
        this.<RuntimeException>work(() -> {
            runInNothing(() -> FilterScope.runIn(scopes(), telling));
            return null;
        });
    }

    /** Runs an operation in an empty context, unless the context of the calling thread cannot be hidden. */
    private void runInNothing(Runnable op) {
        Endings.reach(ContextSnapshot.empty()::run, refusal -> {
            if (refusal != null) {
                failed(refusal);
            }
            op.run();
        });
    }

    /** Returns whether the caller is in one of the scopes. */
    boolean isEntered() {
        return scopes().stream().anyMatch(FilterScope::isEntered);
    }
}
