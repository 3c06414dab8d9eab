package dev.scopedcontext.executor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.internal.ContextTask;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A submitted task, which releases its context when it is cancelled, since a future that is kept, or still queued, may
 * keep its task.
 *
 * @param <T> the type of the task
 */
abstract sealed class SubmittedTask<T> implements ContextTask<T>, AutoCloseable {

    private final T task;

    /** Null from the release on. */
    private volatile @Nullable T wrapped;

    /** Whether the context is also released when the task has run. */
    private volatile boolean runsOnce;
    private volatile boolean hasRun;

    private SubmittedTask(T task, T wrapped) {
        this.task = requireNonNull(task, "task");
        this.wrapped = wrapped;
    }

    /**
     * Releases the context when the future of this task is done. Most futures of the JDK are {@code FutureTask}s, which
     * release their task themselves. Futures of {@code ForkJoinPool} do not; nor do those of the executors with a
     * thread per task on JDK 21, which are {@code CompletableFuture}s.
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
            completable.whenComplete((result, failure) -> close());
        }
        return future;
    }

    /** Releases the context. */
    @Override
    public final void close() {
        wrapped = null;
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
    @SuppressWarnings("unchecked")
    public final T lenient() {
        return ((ContextTask<T>) inContext()).lenient();
    }

    @Override
    public final String toString() {
        T inContext = wrapped;
        return inContext == null ? task + ", cancelled" : inContext.toString();
    }

    static non-sealed class OfRunnable extends SubmittedTask<Runnable> implements Runnable {

        private OfRunnable(ContextSnapshot context, Runnable task) {
            super(task, context.wrap(task));
        }

        static OfRunnable in(ContextSnapshot context, Runnable task) {
            return task instanceof Comparable<?> ? new OfComparable(context, task) : new OfRunnable(context, task);
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
    }

    /** Compares as the user's task does, so that priority queues keep their order. */
    @SuppressWarnings("ComparableType") // tasks of several kinds may share a queue
    private static final class OfComparable extends OfRunnable implements Comparable<Object> {

        OfComparable(ContextSnapshot context, Runnable task) {
            super(context, task);
        }

        @Override
        public int compareTo(Object other) {
            return ContextTask.compare(task(), other);
        }
    }

    static final class OfCallable<V extends @Nullable Object> extends SubmittedTask<Callable<V>>
            implements
                Callable<V> {

        OfCallable(ContextSnapshot context, Callable<V> task) {
            super(task, context.wrap(task));
        }

        @Override
        public V call() throws Exception {
            Callable<V> inContext = inContext();
            try {
                return inContext.call();
            } finally {
                end();
            }
        }
    }
}
