package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import dev.scopedcontext.internal.Failures;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What code can be run in: {@link Bindings}, a session of a named context, a manager of locals, or several of
 * them, one inside the other. It is for code that puts a scope around work without knowing which, such as a
 * filter of requests.
 *
 * {@snippet class="dev.scopedcontext.ScopeOpenerTest" region="enclosing"}
 *
 * <p>Each {@code run} and {@code call} enters a scope of its own, on the calling thread, and leaves it when the
 * operation returns or throws. {@link #open} is for work that comes in pieces, on several threads.
 *
 * <p>Those of this library are safe to use by any number of threads. <b>Null</b> arguments are a {@code
 * NullPointerException} that names the argument.
 */
public interface ScopeOpener {

    /**
     * Runs an operation inside.
     *
     * @param op the operation; what it throws is thrown on unchanged
     */
    default void run(Runnable op) {
        requireNonNull(op, "op");
        this.<@Nullable Void, RuntimeException>call(() -> {
            op.run();
            return null;
        });
    }

    /**
     * Calls an operation inside.
     *
     * @param op the operation
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation does; it is thrown on unchanged
     */
    default <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        OpenScope scope = NestedOpener.opened(this);
        R result;
        try {
            result = scope.<R, X>call(op);
        } catch (Throwable failure) {
            Failures.attempt(failure, () -> scope.close(failure));
            throw failure;
        }
        scope.close();
        return result;
    }

    /**
     * Opens a scope for work that comes in pieces.
     *
     * @return the scope, in which nothing runs yet; close it when there is nothing more to run in it
     */
    @CheckReturnValue
    OpenScope open();

    /**
     * Returns what enters this, then asks for something else in there, and enters that too. It is left in
     * reverse order, each of the two whatever the other throws.
     *
     * @param inner gives what is to be entered inside, each time; it is called inside of this
     * @return the two as one
     */
    @CheckReturnValue
    default ScopeOpener enclosing(Supplier<? extends ScopeOpener> inner) {
        return new NestedOpener(this, requireNonNull(inner, "inner"));
    }
}
