package dev.scopedcontext.executor;

import dev.scopedcontext.internal.ContextTask;

/**
 * A submitted task that is also passed to {@code execute}. It runs even if its context cannot be entered. If its future
 * was cancelled before, it does nothing, like a {@code FutureTask}.
 */
class LenientTask extends ContextTask<Runnable> implements Runnable {

    private final SubmittedTask.OfRunnable submitted;

    private LenientTask(SubmittedTask.OfRunnable submitted) {
        this.submitted = submitted;
    }

    static LenientTask of(SubmittedTask.OfRunnable submitted) {
        return isComparable(submitted) ? new OfComparable(submitted) : new LenientTask(submitted);
    }

    @Override
    public final void run() {
        Runnable inContext = submitted.inContextOrNull();
        if (inContext != null) {
            try {
                ContextTask.lenient(inContext).run();
            } finally {
                submitted.end();
            }
        }
    }

    @Override
    public final Runnable task() {
        return submitted.task();
    }

    @Override
    public final Runnable with(Runnable other) {
        return ContextTask.lenient(submitted.with(other));
    }

    @Override
    public final Runnable lenient() {
        return this;
    }

    @Override
    public final String toString() {
        return submitted.toString();
    }

    /** Compares like the original task, so that priority queues keep their order. */
    @SuppressWarnings("ComparableType") // tasks of several kinds may share a queue
    private static final class OfComparable extends LenientTask implements Comparable<Object> {

        OfComparable(SubmittedTask.OfRunnable submitted) {
            super(submitted);
        }

        @Override
        public int compareTo(Object other) {
            return ContextTask.compare(task(), other);
        }
    }
}
