package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Static methods for the most common uses of a {@link TaskScope}: apply a function to many items, take the first of
 * several results, and combine two results.
 *
 * {@snippet class="dev.scopedcontext.task.TaskExamplesTest" region="ready"}
 *
 * <p>Each method waits until all its subtasks have ended. The context is handed over to every subtask. The current
 * {@link Deadline} applies. If a method fails, the first failure is the cause of an {@code ExecutionException}, and
 * later failures are suppressed into that cause. If the deadline passes, the cause is a {@link
 * CancelledByTimeoutException}. An interrupt of the calling thread cancels the subtasks.
 *
 * <p>Unless noted otherwise, passing null throws a {@code NullPointerException} that names the parameter. Items and
 * results may be null.
 */
public final class TaskScopes {

    private TaskScopes() {
    }

    /**
     * Applies a function to each item, to several items at once. The first failure cancels the other calls, and no more
     * items are taken. The calling thread takes an item only when the function can be applied to it at once, so the
     * number of items is not limited.
     *
     * @param items the items
     * @param maxConcurrency the maximum number of calls at once, at least one
     * @param function the function
     * @param <T> the type of the items
     * @param <R> the type of the results
     * @return the results, in the order of the items
     * @throws IllegalArgumentException if {@code maxConcurrency} is less than one
     * @throws ExecutionException if the function fails for an item, or the deadline passes
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> List<R> mapConcurrent(
            Iterable<? extends T> items, int maxConcurrency, Function<? super T, ? extends R> function)
            throws ExecutionException, InterruptedException {
        requireNonNull(items, "items");
        requireNonNull(function, "function");
        if (maxConcurrency < 1) {
            throw new IllegalArgumentException("maxConcurrency must be at least 1, not " + maxConcurrency);
        }
        TaskSettings settings = TaskSettings.of(c -> c.withMaxConcurrency(maxConcurrency));
        try (var scope = LiveTaskScope.open(Joiner.<R>allSuccessfulOrThrow(), settings)) {
            Iterator<? extends T> left = items.iterator();
            while (scope.awaitPermit() && left.hasNext()) {
                T item = left.next();
                scope.fork(() -> function.apply(item));
            }
            return scope.join();
        }
    }

    /**
     * Runs tasks at once and returns the result of the first one that succeeds, which cancels the others.
     *
     * @param tasks the tasks
     * @param <T> the type of the results
     * @return the first result
     * @throws ExecutionException if all tasks fail, there is none, or the deadline passes
     * @throws InterruptedException if the calling thread is interrupted
     */
    @SafeVarargs
    public static <T extends @Nullable Object> T race(Callable<? extends T>... tasks)
            throws ExecutionException, InterruptedException {
        List<Callable<? extends T>> all = new ArrayList<>();
        for (Callable<? extends T> task : requireNonNull(tasks, "tasks")) {
            all.add(task);
        }
        return race(all);
    }

    /**
     * Runs tasks at once and returns the result of the first one that succeeds, which cancels the others.
     *
     * @param tasks the tasks
     * @param <T> the type of the results
     * @return the first result
     * @throws ExecutionException if all tasks fail, there is none, or the deadline passes
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static <T extends @Nullable Object> T race(Collection<? extends Callable<? extends T>> tasks)
            throws ExecutionException, InterruptedException {
        for (Callable<? extends T> task : requireNonNull(tasks, "tasks")) {
            requireNonNull(task, "task");
        }
        try (var scope = TaskScope.open(Joiner.<T>anySuccessfulOrThrow())) {
            for (Callable<? extends T> task : tasks) {
                scope.fork(task);
            }
            return scope.join();
        }
    }

    /**
     * Runs two tasks at once and combines their results.
     *
     * @param first the first task
     * @param second the second task
     * @param combiner combines the results, on the calling thread
     * @param <A> the type of the first result
     * @param <B> the type of the second result
     * @param <R> the type of the combined result
     * @return the combined result
     * @throws ExecutionException if a task fails, or the deadline passes
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> R par(
            Callable<? extends A> first, Callable<? extends B> second,
            BiFunction<? super A, ? super B, ? extends R> combiner) throws ExecutionException, InterruptedException {
        requireNonNull(first, "first");
        requireNonNull(second, "second");
        requireNonNull(combiner, "combiner");
        try (var scope = TaskScope.<@Nullable Object>open()) {
            Subtask<A> a = scope.fork(first);
            Subtask<B> b = scope.fork(second);
            scope.join();
            return combiner.apply(a.get(), b.get());
        }
    }
}
