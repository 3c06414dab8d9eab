package dev.scopedcontext.executor;

import dev.scopedcontext.internal.ContextTask;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.Log;
import org.jspecify.annotations.Nullable;

/**
 * A periodic task that logs a failure of its context, which ends the repetition. A failure of the task is not logged.
 */
class PeriodicTask extends ContextTask<Runnable> implements Runnable {

    private final ContextTask<Runnable> wrapped;
    private final Runnable task;

    private PeriodicTask(ContextTask<Runnable> wrapped) {
        this.wrapped = wrapped;
        this.task = wrapped.task();
    }

    @SuppressWarnings("unchecked")
    static Runnable of(Runnable wrapped) {
        if (wrapped instanceof PeriodicTask) {
            return wrapped;
        }
        ContextTask<Runnable> inContext = (ContextTask<Runnable>) wrapped;
        return isComparable(wrapped) ? new OfComparable(inContext) : new PeriodicTask(inContext);
    }

    @Override
    public final void run() {
        @Nullable
        Throwable[] ofTask = {null};
        try {
            wrapped.with(() -> {
                try {
                    task.run();
                } catch (Throwable failure) {
                    ofTask[0] = failure;
                    throw failure;
                }
            }).run();
        } catch (Throwable failure) {
            if (failure != ofTask[0]) {
                log(failure);
            }
            throw failure;
        }
    }

    private void log(Throwable failure) {
        Failures.attempt(failure, () -> Log.warn("The periodic task " + task
                + " ends, since the context that it was scheduled in failed: " + failure, failure));
    }

    @Override
    public final Runnable task() {
        return task;
    }

    @Override
    public final Runnable with(Runnable other) {
        return of(wrapped.with(other));
    }

    @Override
    public final Runnable lenient() {
        return wrapped.lenient();
    }

    @Override
    public final String toString() {
        return wrapped.toString();
    }

    /** Compares like the original task, so that priority queues keep their order. */
    @SuppressWarnings("ComparableType") // tasks of several kinds may share a queue
    private static final class OfComparable extends PeriodicTask implements Comparable<Object> {

        OfComparable(ContextTask<Runnable> wrapped) {
            super(wrapped);
        }

        @Override
        public int compareTo(Object other) {
            return ContextTask.compare(task(), other);
        }
    }
}
