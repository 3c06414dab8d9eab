package dev.scopedcontext.local;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.internal.Failures;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls functions in a managed scope that ends when they return, or else when what they return is closed. */
final class Kept {

    private Kept() {
    }

    static <R extends @Nullable Object, X extends Throwable> R call(LocalManager manager,
            CallableOp<? extends R, X> op, Keeper<R> keeper) throws X {
        Place called = Place.here();
        Place inside = new Place();
        LocalScope scope = manager.openFor(inside);
        AutoCloseable[] last = {scope};
        try {
            R result = scope.<R, X>call(() -> inside.<R, X>call(() -> {
                R returned = op.call();
                R kept = keepOrClose(keeper, returned, () -> new Later(scope, inside, called));
                if (kept != returned && kept instanceof AutoCloseable body) {
                    last[0] = body;
                }
                return kept;
            }));
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
    private static <R extends @Nullable Object> R keepOrClose(Keeper<R> keeper, R returned,
            Supplier<Later> later) {
        try {
            return keeper.keep(returned, later);
        } catch (Throwable failure) {
            if (returned instanceof AutoCloseable body) {
                close(body, failure);
            }
            throw failure;
        }
    }

    /** Closes what the caller never gets, because of a failure. */
    static void close(AutoCloseable lost, Throwable failure) {
        try {
            lost.close();
        } catch (Throwable next) {
            Failures.add(failure, next);
        }
    }

    /**
     * Looks at what a function has returned, in its scope.
     *
     * @param <R> the type of that
     */
    interface Keeper<R extends @Nullable Object> {

        /** Returns it as it is, or what is to take its place and closes the scope when it is closed itself. */
        R keep(R returned, Supplier<Later> later);
    }
}
