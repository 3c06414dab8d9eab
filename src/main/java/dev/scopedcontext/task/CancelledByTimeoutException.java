package dev.scopedcontext.task;

import java.io.Serial;

/** Thrown if a {@link TaskScope} is cancelled because its timeout or deadline has passed. */
public final class CancelledByTimeoutException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates an exception. */
    public CancelledByTimeoutException() {
        super("The task scope was cancelled because its time was up");
    }
}
