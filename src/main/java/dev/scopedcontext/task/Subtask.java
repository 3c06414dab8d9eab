package dev.scopedcontext.task;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A handle to a task that was forked in a {@link TaskScope}, and to its result.
 *
 * <p>Any thread may read the state at any time. The result and the exception can be read after the owner has joined the
 * scope. A {@link Joiner} can also read them in {@code onComplete}.
 *
 * <p>Instances are thread-safe.
 *
 * @param <T> the type of the result
 */
public sealed interface Subtask<T extends @Nullable Object> extends Supplier<T> permits ForkedSubtask {

    /** The state of a subtask. */
    enum State {
        /** The subtask has not ended, was never started, or ended after its scope was cancelled. */
        UNAVAILABLE,
        /** The subtask has a result. */
        SUCCESS,
        /** The subtask has thrown an exception. */
        FAILED
    }

    /**
     * Returns the current state of the subtask.
     *
     * @return the state
     */
    State state();

    /**
     * Returns the result of a subtask that succeeded.
     *
     * @return the result
     * @throws IllegalStateException if the subtask has not succeeded, or the scope has not been joined
     */
    @Override
    T get();

    /**
     * Returns the exception of a subtask that failed.
     *
     * @return the exception or error
     * @throws IllegalStateException if the subtask has not failed, or the scope has not been joined
     */
    Throwable exception();
}
