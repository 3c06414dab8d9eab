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
 * The usual ways to use a {@link TaskScope}, ready to call: the same for many items, the first answer of
 * several, and a few different things at once.
 *
 * {@snippet class="dev.scopedcontext.task.TaskExamplesTest" region="ready"}
 *
 * <p>All wait until every subtask has ended, hand the context over to each, and obey the current {@link
 * Deadline}. If they fail, the first failure is the cause of an {@code ExecutionException} and the others are
 * suppressed into it; at a deadline, the cause is a {@link CancelledByTimeoutException}. An interrupt cancels
 * what runs.
 */
public final class TaskScopes {

    private TaskScopes() {
    }

    /**
     * Applies a function to each item, to a number of them at once. The first failure cancels the rest, and
     * no more items are taken. An item is taken, by the calling thread, when its turn has come, so there may be
     * any number of them.
     *
     * @param items the items
     * @param maxConcurrency how many run at once, at least one
     * @param function the function
     * @param <T> the type of the items
     * @param <R> the type of the results
     * @return the results, in the order of the items
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
     * Runs tasks at once and returns the result of the first that succeeds, which cancels the others.
     *
     * @param tasks the tasks
     * @param <T> the type of the results
     * @return the first result
     * @throws ExecutionException if all fail, there are none, or the deadline passes
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
     * Runs tasks at once and returns the result of the first that succeeds, which cancels the others.
     *
     * @param tasks the tasks
     * @param <T> the type of the results
     * @return the first result
     * @throws ExecutionException if all fail, there are none, or the deadline passes
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

    /**
     * Runs three tasks at once and combines their results.
     *
     * @param first the first task
     * @param second the second task
     * @param third the third task
     * @param combiner combines the results, on the calling thread
     * @param <A> the type of the first result
     * @param <B> the type of the second result
     * @param <C> the type of the third result
     * @param <R> the type of the combined result
     * @return the combined result
     * @throws ExecutionException if a task fails, or the deadline passes
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, //
            R extends @Nullable Object> R par(Callable<? extends A> first, Callable<? extends B> second,
                    Callable<? extends C> third, Combiner3<? super A, ? super B, ? super C, ? extends R> combiner)
                    throws ExecutionException, InterruptedException {
        requireNonNull(first, "first");
        requireNonNull(second, "second");
        requireNonNull(third, "third");
        requireNonNull(combiner, "combiner");
        try (var scope = TaskScope.<@Nullable Object>open()) {
            Subtask<A> a = scope.fork(first);
            Subtask<B> b = scope.fork(second);
            Subtask<C> c = scope.fork(third);
            scope.join();
            return combiner.apply(a.get(), b.get(), c.get());
        }
    }

    /**
     * Runs four tasks at once and combines their results.
     *
     * @param first the first task
     * @param second the second task
     * @param third the third task
     * @param fourth the fourth task
     * @param combiner combines the results, on the calling thread
     * @param <A> the type of the first result
     * @param <B> the type of the second result
     * @param <C> the type of the third result
     * @param <D> the type of the fourth result
     * @param <R> the type of the combined result
     * @return the combined result
     * @throws ExecutionException if a task fails, or the deadline passes
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, //
            D extends @Nullable Object, R extends @Nullable Object> R par(Callable<? extends A> first,
                    Callable<? extends B> second, Callable<? extends C> third, Callable<? extends D> fourth,
                    Combiner4<? super A, ? super B, ? super C, ? super D, ? extends R> combiner)
                    throws ExecutionException, InterruptedException {
        requireNonNull(first, "first");
        requireNonNull(second, "second");
        requireNonNull(third, "third");
        requireNonNull(fourth, "fourth");
        requireNonNull(combiner, "combiner");
        try (var scope = TaskScope.<@Nullable Object>open()) {
            Subtask<A> a = scope.fork(first);
            Subtask<B> b = scope.fork(second);
            Subtask<C> c = scope.fork(third);
            Subtask<D> d = scope.fork(fourth);
            scope.join();
            return combiner.apply(a.get(), b.get(), c.get(), d.get());
        }
    }

    /**
     * Runs five tasks at once and combines their results.
     *
     * @param first the first task
     * @param second the second task
     * @param third the third task
     * @param fourth the fourth task
     * @param fifth the fifth task
     * @param combiner combines the results, on the calling thread
     * @param <A> the type of the first result
     * @param <B> the type of the second result
     * @param <C> the type of the third result
     * @param <D> the type of the fourth result
     * @param <E> the type of the fifth result
     * @param <R> the type of the combined result
     * @return the combined result
     * @throws ExecutionException if a task fails, or the deadline passes
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, //
            D extends @Nullable Object, E extends @Nullable Object, R extends @Nullable Object> R par(
                    Callable<? extends A> first, Callable<? extends B> second, Callable<? extends C> third,
                    Callable<? extends D> fourth, Callable<? extends E> fifth,
                    Combiner5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> combiner)
                    throws ExecutionException, InterruptedException {
        requireNonNull(first, "first");
        requireNonNull(second, "second");
        requireNonNull(third, "third");
        requireNonNull(fourth, "fourth");
        requireNonNull(fifth, "fifth");
        requireNonNull(combiner, "combiner");
        try (var scope = TaskScope.<@Nullable Object>open()) {
            Subtask<A> a = scope.fork(first);
            Subtask<B> b = scope.fork(second);
            Subtask<C> c = scope.fork(third);
            Subtask<D> d = scope.fork(fourth);
            Subtask<E> e = scope.fork(fifth);
            scope.join();
            return combiner.apply(a.get(), b.get(), c.get(), d.get(), e.get());
        }
    }

    /**
     * Combines three results.
     *
     * @param <A> the type of the first
     * @param <B> the type of the second
     * @param <C> the type of the third
     * @param <R> the type of the combined result
     */
    @FunctionalInterface
    public interface Combiner3<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, //
            R extends @Nullable Object> {

        /**
         * Combines the results.
         *
         * @param a the first
         * @param b the second
         * @param c the third
         * @return the combined result
         */
        R apply(A a, B b, C c);
    }

    /**
     * Combines four results.
     *
     * @param <A> the type of the first
     * @param <B> the type of the second
     * @param <C> the type of the third
     * @param <D> the type of the fourth
     * @param <R> the type of the combined result
     */
    @FunctionalInterface
    public interface Combiner4<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, //
            D extends @Nullable Object, R extends @Nullable Object> {

        /**
         * Combines the results.
         *
         * @param a the first
         * @param b the second
         * @param c the third
         * @param d the fourth
         * @return the combined result
         */
        R apply(A a, B b, C c, D d);
    }

    /**
     * Combines five results.
     *
     * @param <A> the type of the first
     * @param <B> the type of the second
     * @param <C> the type of the third
     * @param <D> the type of the fourth
     * @param <E> the type of the fifth
     * @param <R> the type of the combined result
     */
    @FunctionalInterface
    public interface Combiner5<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, //
            D extends @Nullable Object, E extends @Nullable Object, R extends @Nullable Object> {

        /**
         * Combines the results.
         *
         * @param a the first
         * @param b the second
         * @param c the third
         * @param d the fourth
         * @param e the fifth
         * @return the combined result
         */
        R apply(A a, B b, C c, D d, E e);
    }
}
