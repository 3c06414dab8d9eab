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

    /**
     * The scope, which records the first failure inside this filter, of the chain or of asynchronous work, for its end.
     */
    private final HeldScope scope;

    /** Whether the scope is ending, and records no failures. Guarded by this. */
    private boolean ending;

    /**
     * Takes a scope that was opened for this request.
     *
     * @throws IllegalStateException if it is already closed
     */
    FilterScope(FilterRequests filter, OpenScope scope) {
        this.filter = filter;
        this.scope = HeldScope.own(scope);
    }

    /** Returns whether the caller is in this scope, possibly on another thread that it was handed over to. */
    boolean isEntered() {
        return filter.current.orElse(null) == this;
    }

    /** Calls an operation that is not part of the work: if it throws, that is not a failure of the request. */
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

    /** Runs work that was started for several scopes, outside them. If it throws, the exception is not recorded. */
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
     * Runs an operation that is not part of the work in several scopes, each inside those before it. If a scope cannot
     * be entered, the operation runs outside it, and the scope has failed.
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

    /** Takes the scope over. The lock excludes threads that hold the scope briefly to record a failure. */
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
     * Runs an operation inside this scope, or outside if the scope cannot be entered. In that case, this scope and
     * those inside it have failed.
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
