package dev.scopedcontext;

import dev.scopedcontext.internal.ContextTask;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task or function that runs in a captured context. Wrapping it again has no effect.
 *
 * @param <T> the type of the task
 */
abstract class Wrapped<T> extends ContextTask<T> {

    final ContextSnapshot context;
    final T task;

    /** Whether the task runs even if the context cannot be entered. */
    final boolean lenient;

    private Wrapped(ContextSnapshot context, T task, boolean lenient) {
        this.context = context;
        this.task = task;
        this.lenient = lenient;
    }

    static Runnable runnable(ContextSnapshot context, Runnable task, boolean lenient) {
        return isComparable(task)
                ? new OfComparableRunnable(context, task, lenient)
                : new OfRunnable(context, task, lenient);
    }

    static <V extends @Nullable Object> Callable<V> callable(ContextSnapshot context, Callable<V> task,
            boolean lenient) {
        return isComparable(task)
                ? new OfComparableCallable<>(context, task, lenient)
                : new OfCallable<>(context, task, lenient);
    }

    final <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return context.call(op, lenient);
    }

    final void run(Runnable op) {
        context.run(op, lenient);
    }

    /** Returns a task of the same kind in the same context. */
    abstract T of(T other, boolean lenient);

    @Override
    public final T task() {
        return task;
    }

    @Override
    public final T with(T other) {
        return of(other, lenient);
    }

    @Override
    public final T lenient() {
        return of(task, true);
    }

    /** Returns the description of the original task, since queues and rejections show it. */
    @Override
    public final String toString() {
        return task + " in " + context;
    }

    static class OfRunnable extends Wrapped<Runnable> implements Runnable {

        OfRunnable(ContextSnapshot context, Runnable task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public final void run() {
            context.run(task, lenient);
        }

        @Override
        final Runnable of(Runnable other, boolean lenient) {
            return runnable(context, other, lenient);
        }
    }

    /** Compares like the original task, so that priority queues keep their order. */
    @SuppressWarnings("ComparableType") // tasks of several kinds may share a queue
    static final class OfComparableRunnable extends OfRunnable implements Comparable<Object> {

        OfComparableRunnable(ContextSnapshot context, Runnable task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public int compareTo(Object other) {
            return ContextTask.compare(task, other);
        }
    }

    static class OfCallable<V extends @Nullable Object> extends Wrapped<Callable<V>> implements Callable<V> {

        OfCallable(ContextSnapshot context, Callable<V> task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public final V call() throws Exception {
            return call(task::call);
        }

        @Override
        final Callable<V> of(Callable<V> other, boolean lenient) {
            return callable(context, other, lenient);
        }
    }

    /** Compares like the original task. */
    @SuppressWarnings("ComparableType")
    static final class OfComparableCallable<V extends @Nullable Object> extends OfCallable<V>
            implements
                Comparable<Object> {

        OfComparableCallable(ContextSnapshot context, Callable<V> task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public int compareTo(Object other) {
            return ContextTask.compare(task, other);
        }
    }

    static final class OfSupplier<R extends @Nullable Object> extends Wrapped<Supplier<R>> implements Supplier<R> {

        OfSupplier(ContextSnapshot context, Supplier<R> task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public R get() {
            return call(task::get);
        }

        @Override
        Supplier<R> of(Supplier<R> other, boolean lenient) {
            return new OfSupplier<>(context, other, lenient);
        }
    }

    static final class OfFunction<A extends @Nullable Object, R extends @Nullable Object>
            extends
                Wrapped<Function<A, R>>
            implements
                Function<A, R> {

        OfFunction(ContextSnapshot context, Function<A, R> task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public R apply(A argument) {
            return call(() -> task.apply(argument));
        }

        @Override
        Function<A, R> of(Function<A, R> other, boolean lenient) {
            return new OfFunction<>(context, other, lenient);
        }
    }

    static final class OfBiFunction<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            extends
                Wrapped<BiFunction<A, B, R>>
            implements
                BiFunction<A, B, R> {

        OfBiFunction(ContextSnapshot context, BiFunction<A, B, R> task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public R apply(A first, B second) {
            return call(() -> task.apply(first, second));
        }

        @Override
        BiFunction<A, B, R> of(BiFunction<A, B, R> other, boolean lenient) {
            return new OfBiFunction<>(context, other, lenient);
        }
    }

    static final class OfConsumer<A extends @Nullable Object> extends Wrapped<Consumer<A>> implements Consumer<A> {

        OfConsumer(ContextSnapshot context, Consumer<A> task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public void accept(A argument) {
            run(() -> task.accept(argument));
        }

        @Override
        Consumer<A> of(Consumer<A> other, boolean lenient) {
            return new OfConsumer<>(context, other, lenient);
        }
    }

    static final class OfBiConsumer<A extends @Nullable Object, B extends @Nullable Object>
            extends
                Wrapped<BiConsumer<A, B>>
            implements
                BiConsumer<A, B> {

        OfBiConsumer(ContextSnapshot context, BiConsumer<A, B> task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public void accept(A first, B second) {
            run(() -> task.accept(first, second));
        }

        @Override
        BiConsumer<A, B> of(BiConsumer<A, B> other, boolean lenient) {
            return new OfBiConsumer<>(context, other, lenient);
        }
    }

    static final class OfPredicate<A extends @Nullable Object> extends Wrapped<Predicate<A>> implements Predicate<A> {

        OfPredicate(ContextSnapshot context, Predicate<A> task, boolean lenient) {
            super(context, task, lenient);
        }

        @Override
        public boolean test(A argument) {
            return call(() -> task.test(argument));
        }

        @Override
        Predicate<A> of(Predicate<A> other, boolean lenient) {
            return new OfPredicate<>(context, other, lenient);
        }
    }
}
