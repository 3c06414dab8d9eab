package service;

import dev.scopedcontext.task.CancelledByTimeoutException;
import dev.scopedcontext.task.DeadlineExceededException;

/** A request that is refused: the status of the response, and the reason that it shows. */
public final class HttpError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final int status;
    final String reason;

    /** Creates an error. */
    public HttpError(int status, String reason) {
        super(status + " " + reason);
        this.status = status;
        this.reason = reason;
    }

    /** Converts the failure of a subtask or of its deadline into the exception for the response. */
    public static RuntimeException because(Throwable failure) {
        if (failure instanceof HttpError answer) {
            return answer;
        }
        return failure instanceof CancelledByTimeoutException || failure instanceof DeadlineExceededException
                ? new HttpError(504, "out of time")
                : new IllegalStateException("a subtask failed", failure);
    }
}
