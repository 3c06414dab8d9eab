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
     * @return the task, which runs without the context
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
}
