package dev.scopedcontext.local;

import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a manager has wrapped, in one class for each functional type.
 *
 * @param <F> the type of what is wrapped
 */
abstract class Managed<F> {

    final LocalManager manager;
    final F wrapped;

    private Managed(LocalManager manager, F wrapped) {
        this.manager = manager;
        this.wrapped = wrapped;
    }

    /** Returns the description of what is wrapped, and that of the manager. */
    @Override
    public final String toString() {
        return wrapped + " in " + manager;
    }

    /** Wraps a {@code Runnable}. */
    static final class Task extends Managed<Runnable> implements Runnable {

        Task(LocalManager manager, Runnable task) {
            super(manager, task);
        }

        @Override
        public void run() {
            manager.run(wrapped);
        }
    }

    /** Wraps a {@code Callable}. */
    static final class Call<V extends @Nullable Object> extends Managed<Callable<V>> implements Callable<V> {

        Call(LocalManager manager, Callable<V> task) {
            super(manager, task);
        }

        @Override
        public V call() throws Exception {
            return StreamBody.keep(manager, wrapped::call);
        }
    }

    /** Wraps a {@code Supplier}. */
    static final class Supply<T extends @Nullable Object> extends Managed<Supplier<T>> implements Supplier<T> {

        Supply(LocalManager manager, Supplier<T> supplier) {
            super(manager, supplier);
        }

        @Override
        public T get() {
            return StreamBody.keep(manager, wrapped::get);
        }
    }

    /** Wraps a {@code Function}. */
    static final class Apply<T extends @Nullable Object, R extends @Nullable Object> extends Managed<Function<T, R>>
            implements
                Function<T, R> {

        Apply(LocalManager manager, Function<T, R> function) {
            super(manager, function);
        }

        @Override
        public R apply(T argument) {
            return StreamBody.keep(manager, () -> wrapped.apply(argument));
        }
    }

    /** Wraps a {@code BiFunction}. */
    static final class ApplyBoth<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
            extends
                Managed<BiFunction<T, U, R>>
            implements
                BiFunction<T, U, R> {

        ApplyBoth(LocalManager manager, BiFunction<T, U, R> function) {
            super(manager, function);
        }

        @Override
        public R apply(T first, U second) {
            return StreamBody.keep(manager, () -> wrapped.apply(first, second));
        }
    }

    /** Wraps a {@code Consumer}. */
    static final class Accept<T extends @Nullable Object> extends Managed<Consumer<T>> implements Consumer<T> {

        Accept(LocalManager manager, Consumer<T> consumer) {
            super(manager, consumer);
        }

        @Override
        public void accept(T argument) {
            manager.run(() -> wrapped.accept(argument));
        }
    }

    /** Wraps a {@code BiConsumer}. */
    static final class AcceptBoth<T extends @Nullable Object, U extends @Nullable Object>
            extends
                Managed<BiConsumer<T, U>>
            implements
                BiConsumer<T, U> {

        AcceptBoth(LocalManager manager, BiConsumer<T, U> consumer) {
            super(manager, consumer);
        }

        @Override
        public void accept(T first, U second) {
            manager.run(() -> wrapped.accept(first, second));
        }
    }

    /** Wraps a {@code Predicate}. */
    static final class Test<T extends @Nullable Object> extends Managed<Predicate<T>> implements Predicate<T> {

        Test(LocalManager manager, Predicate<T> predicate) {
            super(manager, predicate);
        }

        @Override
        public boolean test(T argument) {
            return manager.call(() -> wrapped.test(argument));
        }
    }

    /** Wraps a {@code Callable} with a result that is closed. */
    static final class CallBody<B extends AutoCloseable> extends Managed<Callable<? extends B>> implements Callable<B> {

        private final Class<B> type;

        CallBody(LocalManager manager, Callable<? extends B> task, Class<B> type) {
            super(manager, task);
            this.type = type;
        }

        @Override
        public B call() throws Exception {
            return Body.keep(manager, type, wrapped::call);
        }
    }

    /** Wraps a {@code Function} with a result that is closed. */
    static final class ApplyBody<T extends @Nullable Object, B extends AutoCloseable>
            extends
                Managed<Function<? super T, ? extends B>>
            implements
                Function<T, B> {

        private final Class<B> type;

        ApplyBody(LocalManager manager, Function<? super T, ? extends B> function, Class<B> type) {
            super(manager, function);
            this.type = type;
        }

        @Override
        public B apply(T argument) {
            return Body.keep(manager, type, () -> wrapped.apply(argument));
        }
    }
}
