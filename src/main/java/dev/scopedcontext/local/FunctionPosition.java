package dev.scopedcontext.local;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ScopeAnchor;
import dev.scopedcontext.ScopedContext;
import org.jspecify.annotations.Nullable;

/**
 * The position of a managed function, outside where it is called, or inside: a thread, and the scope that the thread is
 * in. If a step of a stream is taken at the position of the call, all values are already bound, and nothing is handed
 * over.
 *
 * <p>Each step of a stream runs in a new scope inside its function, on any thread. For functions that are called in a
 * step, all these scopes are the same position.
 */
final class FunctionPosition {

    /**
     * The current position, or null outside of the function. While it changes, the thread holds the lock of the scope.
     */
    private volatile @Nullable ThreadPosition current;

    /** Returns the position of the calling thread. */
    static FunctionPosition here() {
        LocalScope scope = ManagedScopes.scopeOfThread();
        FunctionPosition inside = scope == null ? null : scope.inside;
        if (inside != null && inside.isHere()) {
            return inside;
        }
        FunctionPosition here = new FunctionPosition();
        here.current = ThreadPosition.now();
        return here;
    }

    /** Returns whether the calling thread is at this position. */
    boolean isHere() {
        ThreadPosition now = current;
        return now != null && now.thread == Thread.currentThread() && now.anchor.isCurrent();
    }

    /** Calls an operation. While it runs, the scope that the calling thread is in counts as this position. */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        ThreadPosition previous = current;
        current = ThreadPosition.now();
        try {
            return op.call();
        } finally {
            current = previous;
        }
    }

    /**
     * A position in the code that a thread runs.
     *
     * @param thread the thread
     * @param anchor tells whether the thread is in the same scope with the same bindings; used by that thread only
     */
    private record ThreadPosition(Thread thread, ScopeAnchor anchor) {

        static ThreadPosition now() {
            return new ThreadPosition(Thread.currentThread(), ScopedContext.anchor());
        }
    }
}
