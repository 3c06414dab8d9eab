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
 * Hands context to the threads of executors, and along chains of futures, so that tasks need not be wrapped one
 * by one:
 *
 * {@snippet class="dev.scopedcontext.executor.ExecutorExamplesTest" region="propagating"}
 *
 * <p><b>Executors.</b> A {@code propagating} executor {@linkplain ScopedContext#capture() captures} what is
 * bound where a task is submitted, and runs the task in that; a {@code fixed} one runs all in one snapshot.
 * Each run of a task is a scope of its own, and leaves the thread as it was. One capture serves all tasks of an
 * {@code invokeAll} or {@code invokeAny}, and all runs of a periodic task. A task that is
 * {@linkplain ContextSnapshot#wrap(Runnable) wrapped} already runs in its own context, here too.
 *
 * <p>Everything else is the original executor's doing, and gets there unchanged: life cycle, rejections, time-outs
 * and what its methods throw. It sees tasks in their context: these are what its queue, its rejection handler
 * and {@code shutdownNow()} show. The executor sees a {@code Comparable} task if the given one is, with the same
 * order, as long as all tasks of the queue are submitted here. A queue with a comparator, or with other tasks in it,
 * gets at the user's tasks by {@link #unwrap}. A future that was cancelled holds no context,
 * provided that it lets go of its task, as those of the JDK do, or is a {@code ForkJoinTask}, for which a plain
 * {@code Future} is returned.
 *
 * <p><b>Refusals.</b> A {@linkplain dev.scopedcontext.HandOff hand-off}, a mirror or a carrier may fail. If it fails
 * while the context is captured, its exception is thrown to the caller and nothing is submitted. If it fails when a
 * task is about to run, as that of a {@link dev.scopedcontext.task.Deadline} does after the deadline, the result
 * depends on how the failure would become known:
 * <ul>
 * <li>A task that is submitted or scheduled, or given to {@link #supplyAsync} or {@link #runAsync}, does not run. Its
 * future fails with the exception.
 * <li>A periodic task ends, and a warning is logged under {@code dev.scopedcontext}.
 * <li>A task that is given to {@code execute} runs all the same, and so does a thread of a factory: otherwise nobody
 * would be told, and a future such as that of {@code CompletableFuture.supplyAsync} would never complete. Reading a
 * value whose hand-off failed throws that exception; a deadline that has passed can be read. The exception of a mirror
 * or carrier is thrown after the task.
 * <li>Stages that also run after a failure, which are those of {@code whenComplete}, {@code handle},
 * {@code exceptionally}, {@code exceptionallyCompose} and their {@code Async} forms, run in the same way. They may
 * release resources or supply a fallback. All other stages fail with the exception.
 * </ul>
 *
 * <p>Wrapping an executor again does not nest: {@code propagating} returns one that propagates as it is, and
 * otherwise the last call decides, on the original executor.
 *
 * <p><b>Futures.</b> A chain of stages that starts here keeps the context of where each stage was added:
 *
 * {@snippet class="dev.scopedcontext.executor.ExecutorExamplesTest" region="futures"}
 *
 * <p>This holds for every method of {@code CompletableFuture} that takes a function or action, with
 * {@code Async} or without, whichever thread completes the stage before; for {@code completeAsync}; and for the
 * stages of stages, among them those of {@code copy()}. It does not hold for
 * <ul>
 * <li>what the JDK's static methods make, such as {@code allOf} and {@code anyOf}, and stages that are added to
 * a future which is none of these, even with one of these as the other: give it to
 * {@link #propagatingStage};
 * <li>{@code minimalCompletionStage()}: give that to {@code propagatingStage}, too;
 * <li>{@code orTimeout} and {@code completeOnTimeout}, which run nothing of yours: stages after them run in
 * their own context.
 * </ul>
 * Stages run where the JDK runs them: {@code Async} ones without an executor in the default one, even where
 * the first stage was given another. An executor made here is good for a stage; what decides is where the
 * stage was added. A stage that is cancelled keeps its function, and so its context, until the stage before it
 * completes or its executor comes to it, as in the JDK.
 *
 * <p>Executors, factories and futures from here are as safe to use by several threads at once as the originals.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is; results
 * may.
 */
public final class ContextExecutors {

    private ContextExecutors() {
    }

    /**
     * Returns an executor that runs each task in the context of where {@code execute} was called.
     *
     * @param executor runs the tasks
     * @return an executor, the same if it does so already
     */
    @CheckReturnValue
    public static Executor propagating(Executor executor) {
        return ContextExecutor.of(requireNonNull(executor, "executor"), null);
    }

    /**
     * Returns an executor that runs each task in the context of where it was submitted.
     *
     * @param executor runs the tasks
     * @return an executor, the same if it does so already
     */
    @CheckReturnValue
    public static ExecutorService propagating(ExecutorService executor) {
        return ContextExecutorService.of(requireNonNull(executor, "executor"), null);
    }

    /**
     * Returns an executor that runs each task in the context of where it was submitted or scheduled.
     *
     * @param executor runs the tasks
     * @return an executor, the same if it does so already
     */
    @CheckReturnValue
    public static ScheduledExecutorService propagating(ScheduledExecutorService executor) {
        return ContextScheduledExecutorService.of(requireNonNull(executor, "executor"), null);
    }

    /**
     * Returns a factory of threads that run, from start to end, in the context of where {@code newThread} was
     * called: for threads that serve the code that makes them.
     *
     * <p>Not for pools whose threads outlive that code. A pool makes a thread when some task happens to need one
     * more, and every later task on it would find the context of that first one, kept for as long as the thread
     * lives. Make the pool {@linkplain #propagating(ExecutorService) propagating} instead.
     *
     * @param factory makes the threads
     * @return a factory, the same if it does so already
     */
    @CheckReturnValue
    public static ThreadFactory propagatingFactory(ThreadFactory factory) {
        requireNonNull(factory, "factory");
        return factory instanceof ContextThreadFactory ? factory : new ContextThreadFactory(factory);
    }

    /**
     * Returns a future that completes as a stage does, and whose stages run in the context of where each was
     * added.
     *
     * <p>Cancelling the returned future, or its {@code toCompletableFuture()}, also cancels the given stage if that is
     * a {@code Future} and supports it: {@code cancel(true)} stops a request of {@code java.net.http.HttpClient}, for
     * example. Cancelling a dependent stage, or a {@code copy()}, has the effect that it has on the dependent stages of
     * the given stage. Those of a plain {@code CompletableFuture} do not cancel it; those of {@code HttpClient} do.
     * The returned future is cancelled first and runs its dependent stages, which must not wait for the given stage.
     *
     * <p>Every other way of completing the returned future, by {@code complete}, {@code completeExceptionally}, {@code
     * completeAsync}, {@code obtrudeValue}, {@code obtrudeException} or a time-out, leaves the given stage unchanged.
     *
     * @param stage what to go on from
     * @param <T> the type of the result
     * @return a future, the same if it does so already
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> CompletableFuture<T> propagatingStage(CompletionStage<T> stage) {
        return ContextFuture.of(requireNonNull(stage, "stage"));
    }

    /**
     * Returns an executor that runs all tasks in one context.
     *
     * @param executor runs the tasks
     * @param snapshot what they run in
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
     * @param snapshot what they run in
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
     * @param snapshot what they run in
     * @return an executor
     */
    @CheckReturnValue
    public static ScheduledExecutorService fixed(ScheduledExecutorService executor, ContextSnapshot snapshot) {
        return ContextScheduledExecutorService.of(requireNonNull(executor, "executor"),
                requireNonNull(snapshot, "snapshot"));
    }

    /**
     * Supplies a future with what a supplier returns, called in the context of where this is called. The stages
     * of that future run in the context of where each was added.
     *
     * @param supplier is called by the executor; what it throws fails the future
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
     * Completes a future with null when an action has run in the context of where this is called. The stages of
     * that future run in the context of where each was added.
     *
     * @param action is run by the executor; what it throws fails the future
     * @param executor runs the action
     * @return a new future
     * @throws java.util.concurrent.RejectedExecutionException if the executor refuses the task
     */
    public static CompletableFuture<@Nullable Void> runAsync(Runnable action, Executor executor) {
        return ContextFuture.ofAction(action, executor);
    }

    /**
     * Returns the task that a user gave to an executor of this class, from the one that the original executor sees in
     * its queue, its rejection handler and {@code shutdownNow()}:
     *
     * {@snippet class="dev.scopedcontext.executor.ExecutorExamplesTest" region="unwrap"}
     *
     * <p>Executors put a submitted or scheduled task into a future of their own before they queue it. From such a
     * future the task cannot be reached.
     *
     * @param task a task
     * @return the user's task, which runs without the context; the given one if it was not wrapped
     */
    @CheckReturnValue
    public static Runnable unwrap(Runnable task) {
        return Tasks.unwrap(requireNonNull(task, "task"));
    }
}
