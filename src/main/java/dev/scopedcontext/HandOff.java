package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The policy for the values of a key when the context is handed over: captured, and entered elsewhere. {@link
 * ContextKey.Builder#handOff} sets it. Without one, values are handed over unchanged.
 *
 * <p>A hand-off has four steps, each of which may be overridden:
 * <ol>
 * <li>{@link #capture} on the capturing thread, when the context is captured;
 * <li>{@link #admit} on the running thread, before each task that runs in the captured context;
 * <li>{@link #open} on the running thread, before the same task;
 * <li>{@link #close} on the running thread, after the task and its exit hooks, even if the task fails.
 * </ol>
 * A captured context can be entered any number of times and by several threads at once, so {@code open} is called once
 * for each run. If {@code capture}, {@code admit} or {@code open} throws, the values opened so far are closed, and the
 * exception propagates to the caller that captures or runs. An exception of {@code close} is suppressed into the
 * failure of the task, or thrown if there is none.
 *
 * <p><b>Order.</b> The values of a task are opened in the order in which their keys were bound, oldest first, and
 * closed in reverse. {@code open} sees the captured context. If it reads a key whose value is not open yet, that value
 * is opened first. An attachment made in {@code open} stays in effect, beneath the values that hand-offs open.
 *
 * <p>A subtask of the JDK's own {@code StructuredTaskScope} inherits bindings without this library, so hand-offs do not
 * apply to it. It sees the same values as its parent, including those of keys to be dropped.
 *
 * <p>Implementations must be thread-safe. They receive null only if null is bound to the key.
 *
 * @param <T> the type of the key's values
 */
public interface HandOff<T extends @Nullable Object> {

    /**
     * Returns the value that a captured context holds. Called on the capturing thread. Returns the bound value unless
     * overridden.
     *
     * @param value the bound value
     * @return the value that the captured context holds
     */
    default T capture(T value) {
        return value;
    }

    /**
     * Checks whether a task may begin. Called on the running thread, before any value is opened. Admits all tasks
     * unless overridden. If this method throws, the task does not run, and the exception propagates to its caller. A
     * task whose caller could not be notified still runs, such as one that was passed to {@code Executor.execute}.
     *
     * @param captured the value that the captured context holds
     */
    default void admit(T captured) {
    }

    /**
     * Returns the value that a task sees. Called on the running thread. Returns the captured value unless overridden.
     *
     * @param captured the value that the captured context holds
     * @return the value that the task sees
     */
    default T open(T captured) {
        return captured;
    }

    /**
     * Closes the value of a task that has ended. Called on the running thread. Does nothing unless overridden.
     *
     * @param opened the value that {@link #open} returned
     */
    default void close(T opened) {
    }

    /**
     * Returns the default hand-off: all tasks see the same object.
     *
     * @param <T> the type of the values
     * @return the hand-off
     */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> HandOff<T> inherit() {
        return (HandOff<T>) StandardHandOff.INHERIT;
    }

    /**
     * Returns a hand-off that leaves the value behind: the key is not bound in captured contexts.
     *
     * @param <T> the type of the values
     * @return the hand-off
     */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> HandOff<T> drop() {
        return (HandOff<T>) StandardHandOff.DROP;
    }

    /**
     * Returns a hand-off that gives each task a copy of its own. The copier is applied when the context is captured, on
     * the capturing thread, so later changes there are not visible. It is applied to that copy again for each task,
     * since a captured context can be run many times. Null is handed over unchanged.
     *
     * @param copier returns a copy that shares no mutable state with its argument
     * @param <T> the type of the values
     * @return the hand-off
     * @throws NullPointerException if the copier is null
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
     * Returns a hand-off that opens a value for each task before it begins, and closes the value after the task.
     *
     * @param open returns the value of the task for the captured one; called on the running thread
     * @param close closes that value after the task; called on the running thread
     * @param <T> the type of the values
     * @return the hand-off
     * @throws NullPointerException if an argument is null
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
