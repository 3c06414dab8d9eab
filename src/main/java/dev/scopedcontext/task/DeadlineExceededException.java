package dev.scopedcontext.task;

import java.io.Serial;
import java.util.concurrent.RejectedExecutionException;

/**
 * Thrown if a task is not run because its {@link Deadline} has passed. Also thrown if the current deadline passes while
 * a thread waits for another thread that opens a resource of a {@code NamedContext}.
 */
public final class DeadlineExceededException extends RejectedExecutionException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the task that was not run, and the time of the deadline
     */
    public DeadlineExceededException(String message) {
        super(message);
    }
}
