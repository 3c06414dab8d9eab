package dev.scopedcontext.task;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task that was forked in a {@link TaskScope}: the handle of its result.
 *
 * <p>The state may be asked at any time and by any thread; result and exception once the owner has joined, or by
 * the subtask's own thread, on which a {@link Joiner} is told that it has ended.
 *
 * @param <T> the type of the result
 */
public sealed interface Subtask<T extends @Nullable Object> extends Supplier<T> permits ForkedSubtask {

    /** How far a subtask has come. */
    enum State {
        /** It has not ended, was never started, or ended after its scope was cancelled. */
        UNAVAILABLE,
        /** It has a result. */
        SUCCESS,
        /** It has failed. */
        FAILED
    }

    /**
     * Returns how far the subtask has come.
     *
     * @return the state
     */
    State state();

    /**
     * Returns the result of a subtask that succeeded.
     *
     * @return the result
     * @throws IllegalStateException if it has not succeeded, or the scope has not been joined yet
     */
    @Override
    T get();

    /**
     * Returns what a subtask failed with.
     *
     * @return the exception or error
     * @throws IllegalStateException if it has not failed, or the scope has not been joined yet
     */
    Throwable exception();
}
