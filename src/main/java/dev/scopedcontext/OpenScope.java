package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import org.jspecify.annotations.Nullable;

/**
 * A scope for work that runs in pieces, such as the dispatches of an asynchronous request. {@link ScopeOpener#open}
 * opens it, each piece enters it on any thread, and it ends once.
 *
 * {@snippet class="dev.scopedcontext.ScopeOpenerTest" region="open"}
 *
 * <p>All pieces share the scope. A session opens its resources once for all of them, and a value that one piece sets in
 * a managed local is visible to the next. All other bindings that a piece sees are those of its caller.
 *
 * <p>For {@link ScopedContext#onExit}, for mirrors and for {@code attach()}, each piece is a {@code run} of its own: a
 * hook that a piece registers runs at the end of that piece. The hooks of a named context run when the scope ends.
 *
 * <p>If there is one block of code, prefer {@code run} and {@code call} of the {@link ScopeOpener}, since an open scope
 * must be closed. A scope that is never closed retains its resources, but leaves nothing on any thread.
 *
 * <p>Implementations in this library are thread-safe. Concurrent pieces share the scope; those of a manager of locals
 * wait for each other. Unless noted otherwise, passing null throws a {@code NullPointerException} that names the
 * parameter.
 */
public interface OpenScope extends AutoCloseable {

    /**
     * Runs a piece of work in this scope.
     *
     * @param op the work; its exceptions propagate unchanged
     * @throws IllegalStateException if the scope is closed
     */
    default void run(Runnable op) {
        requireNonNull(op, "op");
        this.<@Nullable Void, RuntimeException>call(() -> {
            op.run();
            return null;
        });
    }

    /**
     * Calls a piece of work in this scope.
     *
     * @param op the work
     * @param <R> the type of the result
     * @param <X> the type of exception that the work throws
     * @return the result of the work
     * @throws X if the work throws it; it propagates unchanged
     * @throws IllegalStateException if the scope is closed
     */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X;

    /**
     * Adds a holder: the scope ends when this object and all other holders are closed. Hold a scope for work that
     * continues after the code that opened the scope has closed it, such as an asynchronous request or a streamed body.
     *
     * <p>The scope ends with the first failure that a holder was closed with, into which later ones are suppressed. If
     * there is none, it ends with the first failure that a piece was {@linkplain ScopedContext#markFailed marked} with
     * before it returned. Otherwise, that failure is suppressed into the first one.
     *
     * <p>Scopes in this library support holders. The default implementation throws an exception; {@link #sharing} adds
     * holders to a scope of another implementation.
     *
     * @return another holder of the same scope; close it when its work has ended
     * @throws IllegalStateException if this holder is closed
     * @throws UnsupportedOperationException if this scope does not support holders
     */
    @CheckReturnValue
    default OpenScope hold() {
        throw new UnsupportedOperationException(this + " has no holders: return it from open() as"
                + " OpenScope.sharing(scope)");
    }

    /**
     * Returns a scope with {@linkplain #hold() holders}, which ends the given one when the last of them is closed.
     *
     * @param scope a scope that is entered and closed only through the returned one from now on
     * @return the first holder, which is the given scope if it already has holders
     */
    @CheckReturnValue
    static OpenScope sharing(OpenScope scope) {
        return SharedScope.of(requireNonNull(scope, "scope"));
    }

    /** Ends the scope without a failure, as {@link #close(Throwable)} does. */
    @Override
    default void close() {
        close(null);
    }

    /**
     * Ends the scope: runs its hooks and closes its resources, inside the scope and on the calling thread. Closing it
     * again has no effect, even if two threads close it at the same time.
     *
     * <p>Closing does not wait for running pieces. They keep their bindings, but can no longer use resources, like a
     * task that outlives its session. If a piece closes its own scope, this applies to the rest of that piece. A
     * failure that the piece was marked with before counts as a failure of the scope.
     *
     * @param failure the failure of the work, for hooks to see, or null. Exceptions of hooks and closers are suppressed
     *         into it. If it is null, the first exception is thrown, and later ones are suppressed into that
     */
    void close(@Nullable Throwable failure);
}
