package dev.scopedcontext.spring.task;

import dev.scopedcontext.ContextSnapshot;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The task that a decorator of the application receives. If the decorator captures the context, this task decides when
 * it runs whether the decorator has handed the context over, or has captured it for another purpose.
 */
final class DecoratedTask {

    private DecoratedTask() {
    }

    /**
     * Returns the task to decorate. It is a {@code FutureTask} if the given one is, since a decorator may ask it for
     * the exception. A task that has a context of its own, or the order of a priority queue, is left unchanged.
     */
    static Runnable of(Submission submission, ContextSnapshot context, Runnable task) {
        Runnable inContext = ExecutedTask.in(context, task);
        if (inContext == task || task instanceof Comparable<?>) {
            return task;
        }
        Runnable decided = () -> (submission.isCaptured() && !submission.isHandedOver() ? inContext : task).run();
        return task instanceof FutureTask<?> future ? new OfFuture<>(decided, future) : decided;
    }

    /** Runs a future, and then takes its result. */
    private static final class OfFuture<V extends @Nullable Object> extends FutureTask<V> {

        private final Runnable decided;
        private final FutureTask<V> future;

        OfFuture(Runnable decided, FutureTask<V> future) {
            super(() -> resultOf(future));
            this.decided = decided;
            this.future = future;
        }

        private static <V extends @Nullable Object> V resultOf(FutureTask<V> future) throws Exception {
            try {
                return future.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }

        @Override
        public void run() {
            decided.run();
            if (future.isCancelled()) {
                super.cancel(false);
            } else {
                super.run();
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return future.cancel(mayInterruptIfRunning);
        }

        @Override
        public boolean isCancelled() {
            return future.isCancelled();
        }

        @Override
        public boolean isDone() {
            return future.isDone();
        }

        @Override
        public V get() throws InterruptedException, ExecutionException {
            return future.get();
        }

        @Override
        public V get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            return future.get(timeout, unit);
        }

        @Override
        public String toString() {
            return future.toString();
        }
    }
}
