package dev.scopedcontext.executor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.CheckReturnValue;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Wraps executors, thread factories and futures so that they hand context over, and tasks need not be wrapped one by
 * one:
 *
 * {@snippet class="dev.scopedcontext.executor.ExecutorExamplesTest" region="propagating"}
 *
 * <p><b>Executors.</b> A {@code propagating} executor {@linkplain ScopedContext#capture() captures} the context when a
 * task is submitted, and runs the task in it. A {@code fixed} executor runs all tasks in one snapshot. Each run of a
 * task is a scope of its own. When it ends, the previous bindings of the thread are restored. One capture serves all
 * tasks of an {@code invokeAll} or {@code invokeAny}, and all runs of a periodic task. A task that is already
 * {@linkplain ContextSnapshot#wrap(Runnable) wrapped} runs in its own context.
 *
 * <p>The wrapper adds only the context and delegates the rest to the original executor: life cycle, rejections,
 * timeouts and exceptions. The queue, the rejection handler and {@code shutdownNow()} of the original executor see
 * wrapped tasks. A wrapped task is {@code Comparable} if the original task is, with the same order, as long as all
 * tasks of the queue are submitted through such a wrapper. A comparator, or a queue with other tasks in it, can {@link
 * #unwrap} the original task. A cancelled future retains no context if it releases its task, as the futures of the JDK
 * do, or if it is a {@code ForkJoinTask}, for which a plain {@code Future} is returned.
 *
 * <p><b>Refusals.</b> A {@linkplain dev.scopedcontext.HandOff hand-off}, a mirror or a carrier may fail. If it fails
 * while the context is captured, the exception propagates to the caller and nothing is submitted. If it fails when a
 * task is about to run, as that of a {@link dev.scopedcontext.task.Deadline} does after the deadline, the result
 * depends on how the failure would become known:
 * <ul>
 * <li>A task that is submitted or scheduled, or passed to {@link #supplyAsync} or {@link #runAsync}, does not run. Its
 * future fails with the exception.
 * <li>A periodic task ends, and a warning is logged under {@code dev.scopedcontext}.
 * <li>A task that is passed to {@code execute} still runs, and so does the task of a thread from a factory. Otherwise
 * the failure would go unnoticed, and a future such as that of {@code CompletableFuture.supplyAsync} would never
 * complete. Reading a value whose hand-off failed throws that exception; a deadline that has passed can be read. The
 * exception of a mirror or carrier is thrown after the task.
 * <li>Stages that also run after a failure still run in the same way: those of {@code whenComplete}, {@code handle},
 * {@code exceptionally}, {@code exceptionallyCompose} and their {@code Async} forms. They may release resources or
 * supply a fallback. All other stages fail with the exception.
 * </ul>
 *
 * <p>Wrapping an executor again does not nest. If an executor already propagates, {@code propagating} returns it
 * unchanged. Otherwise the last call applies, to the original executor.
 *
 * <p><b>Futures.</b> In a chain of stages that starts with one of these futures, each stage runs in the context in
 * which it was added:
 *
 * {@snippet class="dev.scopedcontext.executor.ExecutorExamplesTest" region="futures"}
 *
 * <p>This holds for every method of {@code CompletableFuture} that takes a function or action, with or without {@code
 * Async}, whichever thread completes the previous stage. It also holds for {@code completeAsync}, and for stages of
 * stages, including those of {@code copy()}. It does not hold for
 * <ul>
 * <li>futures from the JDK's static methods, such as {@code allOf} and {@code anyOf}, and stages that are added to any
 * other future, even if they take one of these futures as an argument: pass that future to {@link #propagatingStage};
 * <li>{@code minimalCompletionStage()}: pass the stage to {@code propagatingStage};
 * <li>{@code orTimeout} and {@code completeOnTimeout}, which run no code of yours: stages after them run in their own
 * context.
 * </ul>
 * The JDK decides which thread runs a stage: {@code Async} stages without an executor use the default executor, even if
 * the first stage was given another one. A stage that is given a wrapped executor still runs in the context in which it
 * was added. A cancelled stage retains its function, and therefore its context, until the previous stage completes or
 * its executor reaches it, as in the JDK.
 *
 * <p>The returned executors, factories and futures are thread-safe if the originals are. Unless noted otherwise,
 * passing null throws a {@code NullPointerException} that names the parameter. Results may be null.
 */
public final class ContextExecutors {

    private ContextExecutors() {
    }

    /**
     * Returns an executor that runs each task in the context in which {@code execute} was called.
     *
     * @param executor runs the tasks
     * @return the executor, which is the given one if it already propagates
     */
    @CheckReturnValue
    public static Executor propagating(Executor executor) {
        return ContextExecutor.of(requireNonNull(executor, "executor"), null);
    }

    /**
     * Returns an executor that runs each task in the context in which it was submitted.
     *
     * @param executor runs the tasks
     * @return the executor, which is the given one if it already propagates
     */
    @CheckReturnValue
    public static ExecutorService propagating(ExecutorService executor) {
        return ContextExecutorService.of(requireNonNull(executor, "executor"), null);
    }

    /**
     * Returns an executor that runs each task in the context in which it was submitted or scheduled.
     *
     * @param executor runs the tasks
     * @return the executor, which is the given one if it already propagates
     */
    @CheckReturnValue
    public static ScheduledExecutorService propagating(ScheduledExecutorService executor) {
        return ContextScheduledExecutorService.of(requireNonNull(executor, "executor"), null);
    }

    /**
     * Returns a factory of threads that run, from start to end, in the context in which {@code newThread} was called.
     * Use it for threads that serve the code that creates them.
     *
     * <p>Do not use it for pools, whose threads outlive that code. A pool creates a thread when a task happens to need
     * another one. Every later task on that thread would see the context of the first one, which lives as long as the
     * thread. Make the pool {@linkplain #propagating(ExecutorService) propagating} instead.
     *
     * @param factory creates the threads
     * @return the factory, which is the given one if it already propagates
     */
    @CheckReturnValue
    public static ThreadFactory propagatingFactory(ThreadFactory factory) {
        requireNonNull(factory, "factory");
        return factory instanceof ContextThreadFactory ? factory : new ContextThreadFactory(factory);
    }

    /**
     * Returns a future that completes like a given stage, and whose stages run in the context in which each was added.
     *
     * <p>Cancelling the returned future, or its {@code toCompletableFuture()}, also cancels the given stage if that is
     * a {@code Future} and supports it: {@code cancel(true)} stops a request of {@code java.net.http.HttpClient}, for
     * example. Cancelling a dependent stage or a {@code copy()} has the same effect as cancelling a dependent stage of
     * the given stage. Those of a plain {@code CompletableFuture} do not cancel it; those of {@code HttpClient} do. The
     * returned future is cancelled first and runs its dependent stages, which must not wait for the given stage.
     *
     * <p>Every other way of completing the returned future, by {@code complete}, {@code completeExceptionally}, {@code
     * completeAsync}, {@code obtrudeValue}, {@code obtrudeException} or a timeout, leaves the given stage unchanged.
     *
     * @param stage the stage
     * @param <T> the type of the result
     * @return the future, which is the given stage if it is already one of these futures
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> CompletableFuture<T> propagatingStage(CompletionStage<T> stage) {
        return ContextFuture.of(requireNonNull(stage, "stage"));
    }

    /**
     * Returns an executor that runs all tasks in one context.
     *
     * @param executor runs the tasks
     * @param snapshot the context of all tasks
     * @return an executor
     */
    @CheckReturnValue
    public static Executor fixed(Executor executor, ContextSnapshot snapshot) {
        return ContextExecutor.of(requireNonNull(executor, "executor"), requireNonNull(snapshot, "snapshot"));
    }

    /**
     * Returns an executor that runs all tasks in one context.
     *
     * @param executor runs the tasks
     * @param snapshot the context of all tasks
     * @return an executor
     */
    @CheckReturnValue
    public static ExecutorService fixed(ExecutorService executor, ContextSnapshot snapshot) {
        return ContextExecutorService.of(requireNonNull(executor, "executor"), requireNonNull(snapshot, "snapshot"));
    }

    /**
     * Returns an executor that runs all tasks in one context.
     *
     * @param executor runs the tasks
     * @param snapshot the context of all tasks
     * @return an executor
     */
    @CheckReturnValue
    public static ScheduledExecutorService fixed(ScheduledExecutorService executor, ContextSnapshot snapshot) {
        return ContextScheduledExecutorService.of(requireNonNull(executor, "executor"),
                requireNonNull(snapshot, "snapshot"));
    }

    /**
     * Returns a future that completes with the result of a supplier, which is called in the current context. The stages
     * of the future run in the context in which each was added.
     *
     * @param supplier called by the executor; if it throws, the future fails with the exception
     * @param executor calls the supplier
     * @param <T> the type of the result
     * @return a new future
     * @throws java.util.concurrent.RejectedExecutionException if the executor refuses the task
     */
    public static <T extends @Nullable Object> CompletableFuture<T> supplyAsync(Supplier<T> supplier,
            Executor executor) {
        return ContextFuture.ofSupplier(supplier, executor);
    }

    /**
     * Returns a future that completes with null after an action, which is run in the current context. The stages of the
     * future run in the context in which each was added.
     *
     * @param action run by the executor; if it throws, the future fails with the exception
     * @param executor runs the action
     * @return a new future
     * @throws java.util.concurrent.RejectedExecutionException if the executor refuses the task
     */
    public static CompletableFuture<@Nullable Void> runAsync(Runnable action, Executor executor) {
        return ContextFuture.ofAction(action, executor);
    }

    /**
     * Returns the original task of a wrapped one, such as a task that the original executor sees in its queue, its
     * rejection handler or {@code shutdownNow()}:
     *
     * {@snippet class="dev.scopedcontext.documents.HandingOverPageTest" region="unwrap"}
     *
     * <p>Executors put a submitted or scheduled task into a future of their own before they queue it. The task cannot
     * be reached from such a future.
     *
     * @param task a task
     * @return the original task, which runs without the context; the given task if it is not wrapped
     */
    @CheckReturnValue
    public static Runnable unwrap(Runnable task) {
        return Tasks.unwrap(requireNonNull(task, "task"));
    }
}
