package dev.scopedcontext.executor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.internal.Failures;
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
 * An executor service that passes wrapped tasks to the original and delegates the rest.
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
        SubmittedTask.OfRunnable submitted = runnable(task);
        return submitted.releaseWith(executor.submit(submitted));
    }

    @Override
    public final <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
        SubmittedTask.OfRunnable submitted = runnable(task);
        return submitted.releaseWith(executor.submit(submitted, result));
    }

    @Override
    public final <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
        SubmittedTask.OfCallable<T> submitted = SubmittedTask.OfCallable.in(context(), requireNonNull(task, "task"));
        return submitted.releaseWith(executor.submit(submitted));
    }

    @Override
    public final <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        requireNonNull(tasks, "tasks");
        try (SubmittedTasks<T> submitted = new SubmittedTasks<>(context(), tasks)) {
            return executor.invokeAll(submitted.all());
        }
    }

    @Override
    public final <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks,
            long timeout, TimeUnit unit) throws InterruptedException {
        requireNonNull(tasks, "tasks");
        requireNonNull(unit, "unit");
        try (SubmittedTasks<T> submitted = new SubmittedTasks<>(context(), tasks)) {
            return executor.invokeAll(submitted.all(), timeout, unit);
        }
    }

    @Override
    public final <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        requireNonNull(tasks, "tasks");
        try (SubmittedTasks<T> submitted = new SubmittedTasks<>(context(), tasks)) {
            return executor.invokeAny(submitted.all());
        }
    }

    @Override
    public final <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout,
            TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        requireNonNull(tasks, "tasks");
        requireNonNull(unit, "unit");
        try (SubmittedTasks<T> submitted = new SubmittedTasks<>(context(), tasks)) {
            return executor.invokeAny(submitted.all(), timeout, unit);
        }
    }

    private SubmittedTask.OfRunnable runnable(Runnable task) {
        return SubmittedTask.OfRunnable.in(context(), requireNonNull(task, "task"));
    }

    /**
     * Tasks that are submitted together and release their context at the end of the call.
     *
     * @param all the tasks
     * @param <T> the type of the results
     */
    private record SubmittedTasks<T extends @Nullable Object>(List<SubmittedTask.OfCallable<T>> all)
            implements
                AutoCloseable {

        SubmittedTasks(ContextSnapshot context, Collection<? extends Callable<T>> tasks) {
            this(tasks.stream().map(task -> SubmittedTask.OfCallable.<T>in(context, task)).toList());
        }

        @Override
        public void close() {
            all.forEach(SubmittedTask::close);
        }
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
     * Closes the original. On JDK 19 and newer, this overrides a method of {@code ExecutorService}. On older JDKs, no
     * code can call it.
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
