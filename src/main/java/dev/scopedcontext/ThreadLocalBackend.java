package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** Keeps the current scope in the {@link ThreadSlot}: for JDK 17 to 24, and where it is asked for. */
final class ThreadLocalBackend implements Backend {

    @Override
    public @Nullable Scope current() {
        return ThreadSlot.scope();
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(Scope scope, CallableOp<? extends R, X> op)
            throws X {
        @Nullable
        Object[] cell = ThreadSlot.open();
        Object outer = cell[0];
        cell[0] = scope;
        try {
            return scope.call(op);
        } finally {
            cell[0] = outer;
            if (outer == null) {
                ThreadSlot.remove();
            }
        }
    }
}
