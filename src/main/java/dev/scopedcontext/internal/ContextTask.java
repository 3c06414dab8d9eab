package dev.scopedcontext.internal;

/**
 * A task or function that runs in a captured context of its own.
 *
 * @param <T> the type of the task, such as {@code Runnable}
 */
public interface ContextTask<T> {

    /**
     * Returns the task that the user gave.
     *
     * @return the task, which runs without the context and is not a {@code ContextTask} itself
     */
    T task();

    /**
     * Returns another task in the same context.
     *
     * @param other the task
     * @return a task that runs the given one in the context of this one
     */
    T with(T other);

    /**
     * Returns a task that runs even if its context refuses to be entered: for work whose caller could not be told.
     * Reading a refused value throws the refusal.
     *
     * @return the task, this one if it does so already
     */
    T lenient();

    /**
     * Returns the {@linkplain #lenient() lenient} form of a task that runs in a captured context.
     *
     * @param wrapped the task, which is a {@code ContextTask} of its own type
     * @param <T> the type of the task
     * @return the task, this one if it is lenient already
     */
    @SuppressWarnings("unchecked")
    static <T> T lenient(T wrapped) {
        return ((ContextTask<T>) wrapped).lenient();
    }

    /**
     * Compares a task of a user with another task, as priority queues do.
     *
     * @param task the task, which is {@code Comparable}
     * @param other another task, of a user or in a context
     * @return the result of the comparison of the users' tasks
     */
    @SuppressWarnings("unchecked")
    static int compare(Object task, Object other) {
        return ((Comparable<Object>) task).compareTo(other instanceof ContextTask<?> o ? o.task() : other);
    }
}
