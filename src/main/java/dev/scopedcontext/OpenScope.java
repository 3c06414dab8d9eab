package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import org.jspecify.annotations.Nullable;

/**
 * A scope for work that comes in pieces, such as the dispatches of an asynchronous request: opened by {@link
 * ScopeOpener#open}, entered by each piece on whatever thread that runs, and ended once.
 *
 * {@snippet class="dev.scopedcontext.ScopeOpenerTest" region="open"}
 *
 * <p>All pieces are in the same scope: a session opens its resources once for all of them, and what one piece
 * sets in a managed local, the next one finds. What else is bound is what is bound where the piece is run.
 *
 * <p>To {@link ScopedContext#onExit}, to mirrors and to {@code attach()} each piece is a {@code run} of its
 * own: a hook that a piece registers runs at the end of that piece. The hooks of a named context run when the
 * scope ends.
 *
 * <p>Prefer {@code run} and {@code call} of the {@link ScopeOpener} wherever there is one block: a scope that is
 * open needs to be closed. What is forgotten holds resources until then, but nothing in any thread.
 *
 * <p>Those of this library are safe to use by any number of threads. Pieces that run at the same time share the
 * scope; those of a manager of locals wait for each other. <b>Null</b> arguments are a {@code
 * NullPointerException} that names the argument, but for the failure of {@link #close(Throwable)}.
 */
public interface OpenScope extends AutoCloseable {

    /**
     * Runs a piece of work in this scope.
     *
     * @param op the work; what it throws is thrown on unchanged
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
     * @throws X if the work does; it is thrown on unchanged
     * @throws IllegalStateException if the scope is closed
     */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X;

    /**
     * Adds a holder: the scope ends when this object and every other holder of it have been closed. For work that goes
     * on after the code that opened the scope has closed it, such as an asynchronous request or a body that is
     * streamed. A failure that a holder is closed with is kept for the end of the scope: the first one, with later ones
     * suppressed into it. If there is none, the scope ends with the first failure that a piece was {@linkplain
     * ScopedContext#markFailed marked} with before it returned; otherwise, that is suppressed into it.
     *
     * <p>Scopes of this library have holders. The default implementation throws an exception; {@link #sharing} adds
     * holders to a scope of another implementation.
     *
     * @return another holder of the same scope; close it once its work has ended
     * @throws IllegalStateException if this holder is closed
     */
    @CheckReturnValue
    default OpenScope hold() {
        throw new UnsupportedOperationException(this + " has no holders: return it from open() as"
                + " OpenScope.sharing(scope)");
    }

    /**
     * Returns a scope that has {@linkplain #hold() holders}, and that ends a given one when the last of them is closed.
     *
     * @param scope a scope that is entered and closed only through the returned one from now on
     * @return the first holder; the given scope if it has holders already
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
     * Ends the scope: runs the hooks that are due and closes what was opened in it, inside of it, on the
     * calling thread. Closing again does nothing, and so does closing from two threads for the one that comes
     * second.
     *
     * <p>It does not wait for pieces that are running. These still see the values that they saw, and find
     * resources gone, as a task does that outlives its session; only the scope of a manager of locals waits for
     * them. If it is closed inside of one of its own pieces, the rest of that piece is in this position, and
     * a failure that this piece was marked with before is one of the scope.
     *
     * @param failure what the work failed with, for hooks to see, or null. What hooks and closers throw is
     *        suppressed into it; without one, the first is thrown and later ones are suppressed into that
     */
    void close(@Nullable Throwable failure);
}
