package dev.scopedcontext.executor;

import dev.scopedcontext.internal.ContextTask;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.Log;
import org.jspecify.annotations.Nullable;

/**
 * A task that logs the failure of its context, which ends its repetition. A failure of the user's task is not logged.
 *
 * @param task the user's task
 * @param wrapped the same task in its context
 */
record PeriodicTask(Runnable task, ContextTask<Runnable> wrapped) implements Runnable, ContextTask<Runnable> {

    @SuppressWarnings("unchecked")
    static Runnable of(Runnable wrapped) {
        ContextTask<Runnable> inContext = (ContextTask<Runnable>) wrapped;
        return wrapped instanceof PeriodicTask ? wrapped : new PeriodicTask(inContext.task(), inContext);
    }

    @Override
    public void run() {
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
    public Runnable with(Runnable other) {
        return of(wrapped.with(other));
    }

    @Override
    public Runnable lenient() {
        return wrapped.lenient();
    }

    @Override
    public String toString() {
        return wrapped.toString();
    }
}
