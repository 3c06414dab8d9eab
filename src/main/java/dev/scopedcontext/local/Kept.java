package dev.scopedcontext.local;

import dev.scopedcontext.CallableOp;
import org.jspecify.annotations.Nullable;

/** Calls functions in a managed scope that ends when they return, or else when what they return is closed. */
final class Kept {

    private Kept() {
    }

    static <R extends @Nullable Object, X extends Throwable> R call(LocalManager manager,
            CallableOp<? extends R, X> op, Keeper<R> keeper) throws X {
        LocalScope scope = manager.open();
        AutoCloseable[] last = {scope};
        try {
            R result = scope.call(() -> {
                R returned = op.call();
                R kept = keepOrClose(keeper, returned, scope);
                if (kept != returned && kept instanceof AutoCloseable body) {
                    last[0] = body;
                }
                return kept;
            });
            if (last[0] == scope) {
                scope.close();
            }
            return result;
        } catch (Throwable failure) {
            close(last[0], failure);
            throw failure;
        }
    }

    /** What cannot be kept is closed, since the caller never gets it. */
    private static <R extends @Nullable Object> R keepOrClose(Keeper<R> keeper, R returned, LocalScope scope) {
        try {
            return keeper.keep(returned, scope);
        } catch (Throwable failure) {
            if (returned instanceof AutoCloseable body) {
                close(body, failure);
            }
            throw failure;
        }
    }

    private static void close(AutoCloseable last, Throwable failure) {
        try {
            last.close();
        } catch (Throwable next) {
            if (next != failure) {
                failure.addSuppressed(next);
            }
        }
    }

    /**
     * Looks at what a function has returned, in its scope.
     *
     * @param <R> the type of that
     */
    interface Keeper<R extends @Nullable Object> {

        /** Returns it as it is, or what is to take its place and closes the scope when it is closed itself. */
        R keep(R returned, LocalScope scope);
    }
}
