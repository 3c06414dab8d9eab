package dev.scopedcontext.internal;

/**
 * A task or function that runs in a captured context of its own.
 *
 * @param <T> the type of the task, such as {@code Runnable}
 */
public interface ContextTask<T> {

    /**
     * Returns the original task.
     *
     * @return the task, which runs without the context and is not a {@code ContextTask} itself
     */
    T task();

    /**
     * Returns a task that runs another one in the context of this one.
     *
     * @param other the task
     * @return the wrapped task
     */
    T with(T other);

    /**
     * Returns a task that runs even if its context cannot be entered, for work whose caller could not be notified.
     * Reading a value that could not be handed over throws the failure.
     *
     * @return the task, which is this one if it is lenient
     */
    T lenient();

    /**
     * Returns the {@linkplain #lenient() lenient} form of a task that runs in a captured context.
     *
     * @param wrapped the task, which is a {@code ContextTask} of its own type
     * @param <T> the type of the task
     * @return the task, which is the given one if it is lenient
     */
    @SuppressWarnings("unchecked")
    static <T> T lenient(T wrapped) {
        return ((ContextTask<T>) wrapped).lenient();
    }

    /**
     * Compares an original task with another task, as priority queues do.
     *
     * @param task the task, which is {@code Comparable}
     * @param other another task, which may be wrapped
     * @return the result of comparing the original tasks
     */
    @SuppressWarnings("unchecked")
    static int compare(Object task, Object other) {
        return ((Comparable<Object>) task).compareTo(other instanceof ContextTask<?> o ? o.task() : other);
    }
}
