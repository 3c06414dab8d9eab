package dev.scopedcontext.servlet;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.HeldScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scope that one filter has opened for one request. */
final class FilterScope {

    final FilterRequests filter;

    /** Keeps the first failure inside this filter, of the chain or of asynchronous work, for its end. */
    private final HeldScope scope;

    /** Whether the scope is ending, and records no failures. Guarded by this. */
    private boolean ending;

    /**
     * Takes a scope that was opened for this request.
     *
     * @throws IllegalStateException if it is closed already
     */
    FilterScope(FilterRequests filter, OpenScope scope) {
        this.filter = filter;
        this.scope = HeldScope.own(scope);
    }

    /** Tells whether the caller is in this scope, possibly on another thread that context was handed to. */
    boolean isEntered() {
        return filter.current.orElse(null) == this;
    }

    /** Calls an operation that is no part of the work: an exception of it is no failure of the request. */
    private <R extends @Nullable Object, X extends Throwable> R enter(CallableOp<? extends R, X> op) throws X {
        return scope.<R, X>call(() -> ScopedContext.where(filter.current, this).<R, X>call(op));
    }

    /** Calls a piece of the work for the request. */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> piece) throws X {
        try {
            return this.<R, X>enter(piece);
        } catch (Throwable thrown) {
            failed(thrown);
            throw thrown;
        }
    }

    /** Runs work that was started for several scopes, outside them. An exception of it is not recorded. */
    static void runMarked(List<FilterScope> scopes, Runnable work) {
        if (scopes.isEmpty()) {
            work.run();
        } else {
            scopes.get(0).scope.<@Nullable Void, RuntimeException>callMarked(() -> {
                runMarked(tail(scopes), work);
                return null;
            });
        }
    }

    /** Records the failures that the running work has been marked with so far. */
    void noteMarks() {
        scope.noteMarks();
    }

    /** Records a failure for the hooks at the end, which get the first one. Throws nothing. */
    synchronized void failed(Throwable failure) {
        if (!ending) {
            scope.hold().close(failure);
        }
    }

    /**
     * Runs an operation that is no part of the work in several scopes, each inside those before it. The operation runs
     * outside the scopes that cannot be entered, which have failed then.
     */
    static void runIn(List<FilterScope> scopes, Runnable op) {
        if (scopes.isEmpty()) {
            op.run();
        } else {
            scopes.get(0).reach(tail(scopes), () -> runIn(tail(scopes), op));
        }
    }

    /** Ends several scopes, each inside those before it. */
    static void endAll(List<FilterScope> scopes) {
        scopes.forEach(FilterScope::takeOver);
        endInOrder(scopes);
    }

    /** Takes the scope over, while no other thread holds it for a moment to record a failure. */
    private synchronized void takeOver() {
        scope.takeOver();
    }

    private static void endInOrder(List<FilterScope> scopes) {
        if (!scopes.isEmpty()) {
            scopes.get(0).end(tail(scopes));
        }
    }

    /** Ends this scope after those inside it. */
    private void end(List<FilterScope> inside) {
        Throwable first = inside.isEmpty()
                ? null
                : Failures.attempt(null, () -> reach(inside, () -> endInOrder(inside)));
        Failures.throwIfAny(Failures.attempt(first, () -> close(first)));
    }

    private void close(@Nullable Throwable failure) {
        synchronized (this) {
            ending = true;
        }
        scope.close(failure);
    }

    /**
     * Runs an operation inside this scope, or outside if it cannot be entered. That is a failure of this scope and of
     * those inside it.
     */
    private void reach(List<FilterScope> inside, Runnable op) {
        Endings.reach(entered -> this.<@Nullable Void, RuntimeException>enter(() -> {
            entered.run();
            return null;
        }), refusal -> {
            if (refusal != null) {
                failed(refusal);
                inside.forEach(scope -> scope.failed(refusal));
            }
            op.run();
        });
    }

    private static List<FilterScope> tail(List<FilterScope> scopes) {
        return scopes.subList(1, scopes.size());
    }
}
