package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** Keeps the current scope in the {@link ThreadCell}: for JDK 17 to 24, and where it is asked for. */
final class ThreadLocalBackend implements Backend {

    @Override
    public @Nullable Scope current() {
        Scope scope = ThreadCell.scope();
        return scope == null ? null : scope.unlessInterrupted();
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(Scope scope, CallableOp<? extends R, X> op)
            throws X {
        @Nullable
        Object[] cell = ThreadCell.open();
        Object outer = cell[0];
        cell[0] = scope;
        try {
            return scope.call(op);
        } finally {
            cell[0] = outer;
            if (outer == null) {
                ThreadCell.remove();
            }
        }
    }
}
