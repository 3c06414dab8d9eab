package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to the value of a key when context is handed over: captured, and run elsewhere. Given to a key
 * by {@link ContextKey.Builder#handOff}. Without one, values are inherited unchanged.
 *
 * <p>A hand-off has four steps, each of which may be overridden:
 * <ol>
 * <li>{@link #capture} on the capturing thread, when the context is captured;
 * <li>{@link #admit} on the running thread, before each task that runs in the captured context;
 * <li>{@link #open} on the running thread, before the same task;
 * <li>{@link #close} on the running thread, after the task and its exit hooks, whether it failed or not.
 * </ol>
 * A captured context can be run many times and by several threads at once, so {@code open} is called once for each
 * run. An exception of {@code capture}, {@code admit} or {@code open} is thrown to the caller that captures or runs,
 * after the values opened so far are closed. An exception of {@code close} is suppressed into the task's own.
 *
 * <p><b>Order.</b> The values of a task are opened in the order in which their keys were bound, oldest first, and
 * closed in reverse. An {@code open} sees the captured context. If it reads a key whose value is not open yet, that
 * value is opened first. An attachment made in {@code open} stays, beneath the values that hand-offs open.
 *
 * <p>A subtask of the JDK's own {@code StructuredTaskScope} inherits bindings without this library, and so
 * without any of this: it sees the very values, also those of keys that are to be dropped.
 *
 * <p>A hand-off must be safe to use by several threads at once.
 *
 * @param <T> the type of the key's values
 */
public interface HandOff<T extends @Nullable Object> {

    /**
     * Takes the value of the capturing thread. Returns it as it is unless overridden.
     *
     * @param value the bound value
     * @return the value that the captured context holds
     */
    default T capture(T value) {
        return value;
    }

    /**
     * Decides whether a task may begin. Called on the running thread, before any value is opened. Admits all tasks
     * unless overridden. An exception refuses the task and is thrown to its caller. A task that nobody could be told
     * about by an exception or a future runs all the same, such as one that was given to {@code Executor.execute}.
     *
     * @param captured the value that the captured context holds
     */
    default void admit(T captured) {
    }

    /**
     * Gives a task its value. Returns the captured one unless overridden.
     *
     * @param captured the value that the captured context holds
     * @return the value that the task sees
     */
    default T open(T captured) {
        return captured;
    }

    /**
     * Takes leave of the value of a task that has ended. Does nothing unless overridden.
     *
     * @param opened the value that {@link #open} gave
     */
    default void close(T opened) {
    }

    /**
     * Hands a value over as it is: every task sees the very object. The hand-off of a key for which nothing
     * else is said.
     *
     * @param <T> the type of the values
     * @return the hand-off
     */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> HandOff<T> inherit() {
        return (HandOff<T>) StandardHandOff.INHERIT;
    }

    /**
     * Leaves a value behind: in captured contexts the key is not bound.
     *
     * @param <T> the type of the values
     * @return the hand-off
     */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> HandOff<T> drop() {
        return (HandOff<T>) StandardHandOff.DROP;
    }

    /**
     * Gives each task a copy of its own. The copier is applied when the context is captured, by the capturing
     * thread, so that later changes there are not seen; and to that copy again for each task, so that a
     * captured context can be run many times. Null is handed over as it is.
     *
     * @param copier makes a copy that shares no mutable state with its argument
     * @param <T> the type of the values
     * @return the hand-off
     */
    static <T extends @Nullable Object> HandOff<T> copy(UnaryOperator<T> copier) {
        requireNonNull(copier, "copier");
        return new HandOff<>() {
            @Override
            public T capture(T value) {
                return value == null ? value : copier.apply(value);
            }

            @Override
            public T open(T captured) {
                return captured == null ? captured : copier.apply(captured);
            }
        };
    }

    /**
     * Gives each task a value of its own that is opened before it and closed after it.
     *
     * @param open makes the task's value from the captured one, on the running thread
     * @param close is given that value when the task has ended
     * @param <T> the type of the values
     * @return the hand-off
     */
    static <T extends @Nullable Object> HandOff<T> perTask(Function<? super T, ? extends T> open,
            Consumer<? super T> close) {
        requireNonNull(open, "open");
        requireNonNull(close, "close");
        return new HandOff<>() {
            @Override
            public T open(T captured) {
                return open.apply(captured);
            }

            @Override
            public void close(T opened) {
                close.accept(opened);
            }
        };
    }
}
