package dev.scopedcontext.local;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ScopeAnchor;
import dev.scopedcontext.ScopedContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a managed function is called: a thread, and the scope that it is in. A step of a result that is taken there
 * finds all values bound, so nothing has to be handed over.
 *
 * <p>Each step through a result runs in a new scope inside its function, on any thread. For functions that were called
 * there, all these scopes count as one place.
 */
final class Place {

    /** The position now; null outside of the function. While it changes, the thread holds the lock of the scope. */
    private volatile @Nullable Position position;

    /** Returns the place that the calling thread is in. */
    static Place here() {
        LocalScope scope = Entered.scopeOfThread();
        Place inside = scope == null ? null : scope.inside;
        if (inside != null && inside.isHere()) {
            return inside;
        }
        Place here = new Place();
        here.position = Position.now();
        return here;
    }

    /** Tells whether the calling thread is in this place. */
    boolean isHere() {
        Position now = position;
        return now != null && now.thread == Thread.currentThread() && now.anchor.isCurrent();
    }

    /** Calls an operation, during which the scope that the calling thread is in counts as this place. */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        Position before = position;
        position = Position.now();
        try {
            return op.call();
        } finally {
            position = before;
        }
    }

    /**
     * A position in the code that a thread runs.
     *
     * @param thread the thread
     * @param anchor tells whether the thread is in the scope, with nothing bound since; used by that thread only
     */
    private record Position(Thread thread, ScopeAnchor anchor) {

        static Position now() {
            return new Position(Thread.currentThread(), ScopedContext.anchor());
        }
    }
}
