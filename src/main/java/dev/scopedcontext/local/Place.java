package dev.scopedcontext.local;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ScopeAnchor;
import dev.scopedcontext.ScopedContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a managed function is called: a thread, and the scope that it is in. A step of a result that is taken there
 * finds all values bound, so nothing has to be handed over.
 *
 * <p>Each step through a result runs in a new scope inside its function. For functions that were called there, all
 * these scopes count as one place.
 */
final class Place {

    private final Thread thread = Thread.currentThread();

    /** Tells whether the thread is in the scope, with nothing bound since. Used by that thread only. */
    private @Nullable ScopeAnchor anchor;

    /** Returns the place that the calling thread is in. */
    static Place here() {
        LocalScope scope = Entered.scopeOfThread();
        Place inside = scope == null ? null : scope.inside;
        if (inside != null && inside.isHere()) {
            return inside;
        }
        Place here = new Place();
        here.anchor = ScopedContext.anchor();
        return here;
    }

    /** Tells whether the calling thread is in this place. */
    boolean isHere() {
        return thread == Thread.currentThread() && anchor != null && anchor.isCurrent();
    }

    /** Calls an operation, during which the scope that the thread is in counts as this place. */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        if (thread != Thread.currentThread()) {
            return op.call();
        }
        ScopeAnchor before = anchor;
        anchor = ScopedContext.anchor();
        try {
            return op.call();
        } finally {
            anchor = before;
        }
    }
}
