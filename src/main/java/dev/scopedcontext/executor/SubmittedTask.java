package dev.scopedcontext.executor;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.internal.ContextTask;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A submitted task that releases its context when it is cancelled: a cancelled future may retain its task, and may
 * still be queued.
 *
 * @param <T> the type of the task
 */
abstract sealed class SubmittedTask<T> extends ContextTask<T> implements AutoCloseable {

    private final T task;

    /** Null after the release. */
    private volatile @Nullable T wrapped;

    /** Whether the context is also released when the task has run. */
    private volatile boolean runsOnce;
    private volatile boolean hasRun;

    @SuppressWarnings("unchecked")
    private SubmittedTask(T wrapped) {
        this.task = ((ContextTask<T>) wrapped).task();
        this.wrapped = wrapped;
    }

    /**
     * Releases the context when the future of this task is done. Most futures of the JDK are {@code FutureTask}s, which
     * release their task themselves. Futures of {@code ForkJoinPool} do not; nor do those of the executors with a
     * thread per task on JDK 21, which are {@code CompletableFuture}s.
     *
     * <p>A {@code CompletableFuture} of another executor may complete before the task runs. The task then keeps its
     * context, unless the future is cancelled.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the new stage only releases the context
    final <V extends @Nullable Object> Future<V> releaseWith(Future<V> future) {
        if (future instanceof ForkJoinTask<?>) {
            runsOnce = true;
            if (hasRun) {
                close();
            }
            return new SubmittedFuture<>(future, this);
        }
        if (future instanceof CompletableFuture<?> completable) {
            completable.whenComplete((result, failure) -> {
                if (hasRun || completable.isCancelled()) {
                    close();
                }
            });
        }
        return future;
    }

    /** Releases the context. */
    @Override
    public final void close() {
        wrapped = null;
    }

    /** Returns the wrapped task, or null after the release. */
    final @Nullable T inContextOrNull() {
        return wrapped;
    }

    final T inContext() {
        T inContext = wrapped;
        if (inContext == null) {
            throw new CancellationException("The task was cancelled before it ran");
        }
        return inContext;
    }

    final void end() {
        hasRun = true;
        if (runsOnce) {
            close();
        }
    }

    @Override
    public final T task() {
        return task;
    }

    @Override
    @SuppressWarnings("unchecked")
    public final T with(T other) {
        return ((ContextTask<T>) inContext()).with(other);
    }

    @Override
    public final String toString() {
        T inContext = wrapped;
        if (inContext != null) {
            return inContext.toString();
        }
        return hasRun ? task.toString() : task + ", cancelled";
    }

    static non-sealed class OfRunnable extends SubmittedTask<Runnable> implements Runnable {

        private OfRunnable(Runnable wrapped) {
            super(wrapped);
        }

        static OfRunnable in(ContextSnapshot context, Runnable task) {
            Runnable wrapped = context.wrap(task);
            return isComparable(wrapped) ? new OfComparableRunnable(wrapped) : new OfRunnable(wrapped);
        }

        @Override
        public final void run() {
            Runnable inContext = inContext();
            try {
                inContext.run();
            } finally {
                end();
            }
        }

        @Override
        public final Runnable lenient() {
            return LenientTask.of(this);
        }
    }

    /** Compares like the original task, so that priority queues keep their order. */
    @SuppressWarnings("ComparableType") // tasks of several kinds may share a queue
    private static final class OfComparableRunnable extends OfRunnable implements Comparable<Object> {

        OfComparableRunnable(Runnable wrapped) {
            super(wrapped);
        }

        @Override
        public int compareTo(Object other) {
            return ContextTask.compare(task(), other);
        }
    }

    static non-sealed class OfCallable<V extends @Nullable Object> extends SubmittedTask<Callable<V>>
            implements
                Callable<V> {

        private OfCallable(Callable<V> wrapped) {
            super(wrapped);
        }

        static <V extends @Nullable Object> OfCallable<V> in(ContextSnapshot context, Callable<V> task) {
            Callable<V> wrapped = context.wrap(task);
            return isComparable(wrapped) ? new OfComparableCallable<>(wrapped) : new OfCallable<>(wrapped);
        }

        @Override
        public final V call() throws Exception {
            Callable<V> inContext = inContext();
            try {
                return inContext.call();
            } finally {
                end();
            }
        }

        @Override
        public final Callable<V> lenient() {
            return ContextTask.lenient(inContext());
        }
    }

    /** Compares like the original task. */
    @SuppressWarnings("ComparableType")
    private static final class OfComparableCallable<V extends @Nullable Object> extends OfCallable<V>
            implements
                Comparable<Object> {

        OfComparableCallable(Callable<V> wrapped) {
            super(wrapped);
        }

        @Override
        public int compareTo(Object other) {
            return ContextTask.compare(task(), other);
        }
    }
}
