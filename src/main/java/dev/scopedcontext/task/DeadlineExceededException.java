package dev.scopedcontext.task;

import java.io.Serial;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tells that a task was not run, because the {@link Deadline} that came with it had passed. Also thrown if the current
 * deadline passes while a thread waits for another one to open a resource of a {@code NamedContext}.
 */
public final class DeadlineExceededException extends RejectedExecutionException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was not done, and when the deadline was
     */
    public DeadlineExceededException(String message) {
        super(message);
    }
}
