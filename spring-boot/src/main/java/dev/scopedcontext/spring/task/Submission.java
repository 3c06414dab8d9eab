package dev.scopedcontext.spring.task;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import org.jspecify.annotations.Nullable;

/**
 * The submission of a task, while other parts see the task: decorators, and executors that delegate to other executors.
 * Each of them may capture the context, and then hands it over. The submission is bound meanwhile, so that it takes
 * notice of a capture, and a task can tell that it runs in the captured context. The task is then not handed over a
 * second time.
 */
final class Submission {

    private static final ContextKey<Submission> CURRENT = ContextKey.<Submission>builder("submission of a task")
            .handOff(new CaptureNotice()).build();

    /** This submission as captured contexts hold it; null if this object is that form. */
    private final @Nullable Submission handedOver;

    private boolean captured;

    Submission() {
        this.handedOver = new Submission(null);
    }

    private Submission(@Nullable Submission handedOver) {
        this.handedOver = handedOver;
    }

    /** Calls an operation that submits the task. */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> submit) throws X {
        return ScopedContext.where(CURRENT, this).<R, X>call(submit);
    }

    /** Returns whether the context was captured during the submission. Called on the submitting thread. */
    boolean isCaptured() {
        return captured;
    }

    /** Returns whether the calling thread runs in a context that was captured during the submission. */
    boolean isHandedOver() {
        return CURRENT.orElse(null) == handedOver;
    }

    /** Replaces a submission with its captured form. */
    private static final class CaptureNotice implements HandOff<Submission> {

        @Override
        public Submission capture(Submission submission) {
            if (submission.handedOver == null) {
                return submission;
            }
            submission.captured = true;
            return submission.handedOver;
        }
    }
}
