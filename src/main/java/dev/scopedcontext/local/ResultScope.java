package dev.scopedcontext.local;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.internal.Failures;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls a function in a scope that ends when the function returns or, if it returns a stream, when the stream is
 * closed.
 */
final class ResultScope {

    private ResultScope() {
    }

    /**
     * Calls a function.
     *
     * @param opener opens the scope, given the position inside of the function
     */
    static <R extends @Nullable Object, X extends Throwable> R call(Function<FunctionPosition, LocalScope> opener,
            CallableOp<? extends R, X> function) throws X {
        FunctionPosition call = FunctionPosition.here();
        FunctionPosition inside = new FunctionPosition();
        LocalScope scope = opener.apply(inside);
        AutoCloseable[] unreturned = {scope};
        try {
            R result = scope.<R, X>call(() -> inside.<R, X>call(() -> {
                R returned = function.call();
                R kept = keepOpen(returned, scope, inside, call);
                if (kept != returned && kept instanceof AutoCloseable stream) {
                    unreturned[0] = stream;
                }
                return kept;
            }));
            if (unreturned[0] == scope) {
                scope.close();
            }
            return result;
        } catch (Throwable failure) {
            Failures.attempt(failure, unreturned[0]);
            throw failure;
        }
    }

    /** Returns the result for the caller. A stream that is not returned to the caller is closed. */
    private static <R extends @Nullable Object> R keepOpen(R returned, LocalScope scope, FunctionPosition inside,
            FunctionPosition call) {
        try {
            return ManagedStream.orResult(returned, () -> new Resumption(scope, inside, call));
        } catch (Throwable failure) {
            if (returned instanceof AutoCloseable stream) {
                Failures.attempt(failure, stream);
            }
            throw failure;
        }
    }
}
