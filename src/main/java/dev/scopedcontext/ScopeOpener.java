package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import dev.scopedcontext.internal.Failures;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens scopes for code to run in. {@link Bindings}, sessions of named contexts and managers of locals are openers, and
 * {@link #enclosing} combines several of them. Code that runs work in a scope can accept any opener, such as a filter
 * of requests.
 *
 * {@snippet class="dev.scopedcontext.ScopeOpenerTest" region="enclosing"}
 *
 * <p>Each {@code run} and {@code call} enters a scope of its own on the calling thread, and leaves it when the
 * operation returns or throws. {@link #open} is for work that runs in pieces, also on several threads.
 *
 * <p>Implementations in this library are thread-safe. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter.
 */
public interface ScopeOpener {

    /**
     * Runs an operation inside the scope.
     *
     * @param op the operation; its exceptions propagate unchanged
     */
    default void run(Runnable op) {
        requireNonNull(op, "op");
        this.<@Nullable Void, RuntimeException>call(() -> {
            op.run();
            return null;
        });
    }

    /**
     * Calls an operation inside the scope.
     *
     * @param op the operation
     * @param <R> the type of the result
     * @param <X> the type of exception that the operation throws
     * @return the result of the operation
     * @throws X if the operation throws it; it propagates unchanged
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
     * Opens a scope for work that runs in pieces.
     *
     * @return the open scope; close it after the last piece
     */
    @CheckReturnValue
    OpenScope open();

    /**
     * Returns an opener that enters this one, then gets another one from a supplier, and enters that inside. Both are
     * left in reverse order, even if one of them fails.
     *
     * @param inner supplies the inner opener; it is called at each entry, inside this one
     * @return the combined opener
     */
    @CheckReturnValue
    default ScopeOpener enclosing(Supplier<? extends ScopeOpener> inner) {
        return new NestedOpener(this, requireNonNull(inner, "inner"));
    }
}
