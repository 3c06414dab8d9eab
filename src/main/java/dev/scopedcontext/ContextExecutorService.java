package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The whole of {@code ExecutorService}: tasks go to the original in context, all else as it is.
 *
 * @param <E> the type of the executor that runs the tasks
 */
class ContextExecutorService<E extends ExecutorService> extends ContextExecutor<E> implements ExecutorService {

    ContextExecutorService(E executor, @Nullable ContextSnapshot fixed) {
        super(executor, fixed);
    }

    static ExecutorService of(ExecutorService executor, @Nullable ContextSnapshot fixed) {
        if (executor instanceof ContextExecutorService<?> ours) {
            return ours.fixed == fixed ? ours : new ContextExecutorService<>(ours.executor, fixed);
        }
        return new ContextExecutorService<>(executor, fixed);
    }

    @Override
    public final Future<?> submit(Runnable task) {
        requireNonNull(task, "task");
        SubmittedTask lease = new SubmittedTask(context());
        return lease.endWith(executor.submit(lease.wrap(task)));
    }

    @Override
    public final <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
        requireNonNull(task, "task");
        SubmittedTask lease = new SubmittedTask(context());
        return lease.endWith(executor.submit(lease.wrap(task), result));
    }

    @Override
    public final <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
        requireNonNull(task, "task");
        SubmittedTask lease = new SubmittedTask(context());
        return lease.endWith(executor.submit(lease.wrap(task)));
    }

    @Override
    public final <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        requireNonNull(tasks, "tasks");
        try (SubmittedTask lease = new SubmittedTask(context())) {
            return executor.invokeAll(wrapAll(tasks, lease));
        }
    }

    @Override
    public final <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks,
            long timeout, TimeUnit unit) throws InterruptedException {
        requireNonNull(tasks, "tasks");
        requireNonNull(unit, "unit");
        try (SubmittedTask lease = new SubmittedTask(context())) {
            return executor.invokeAll(wrapAll(tasks, lease), timeout, unit);
        }
    }

    @Override
    public final <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        requireNonNull(tasks, "tasks");
        try (SubmittedTask lease = new SubmittedTask(context())) {
            return executor.invokeAny(wrapAll(tasks, lease));
        }
    }

    @Override
    public final <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout,
            TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        requireNonNull(tasks, "tasks");
        requireNonNull(unit, "unit");
        try (SubmittedTask lease = new SubmittedTask(context())) {
            return executor.invokeAny(wrapAll(tasks, lease), timeout, unit);
        }
    }

    private static <T extends @Nullable Object> List<Callable<T>> wrapAll(Collection<? extends Callable<T>> tasks,
            ContextSnapshot context) {
        List<Callable<T>> wrapped = new ArrayList<>(tasks.size());
        for (Callable<T> task : tasks) {
            wrapped.add(context.wrap(task));
        }
        return wrapped;
    }

    @Override
    public final void shutdown() {
        executor.shutdown();
    }

    @Override
    public final List<Runnable> shutdownNow() {
        return executor.shutdownNow();
    }

    @Override
    public final boolean isShutdown() {
        return executor.isShutdown();
    }

    @Override
    public final boolean isTerminated() {
        return executor.isTerminated();
    }

    @Override
    public final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, requireNonNull(unit, "unit"));
    }

    /**
     * Closes the original. From JDK 19 this is a method of {@code ExecutorService}, which is {@code AutoCloseable}
     * since; before, nobody can call it.
     */
    @SuppressWarnings("MissingOverride")
    public final void close() {
        try {
            ((AutoCloseable) executor).close();
        } catch (Exception failure) {
            Failures.throwIfAny(failure);
        }
    }
}
