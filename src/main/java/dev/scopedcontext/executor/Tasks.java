package dev.scopedcontext.executor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.ContextTask;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Wraps tasks. If a context cannot be entered, the effect depends on how the failure would become known. A task that is
 * already wrapped keeps its context.
 *
 * <p>The {@code fallback} methods wrap functions of stages that also run after a failure, such as those of {@code
 * whenComplete} and {@code exceptionally}. They release resources or supply a replacement, so they run even if the
 * captured context cannot be entered.
 */
final class Tasks {

    private Tasks() {
    }

    /** Wraps a task that has no future and therefore runs even if its context cannot be entered. */
    static Runnable executed(ContextSnapshot context, Runnable task) {
        return ContextTask.lenient(context.wrap(task));
    }

    /** Wraps a periodic task. Its future is rarely read, so a failure to enter the context is logged. */
    static Runnable periodic(ContextSnapshot context, Runnable task) {
        return PeriodicTask.of(context.wrap(task));
    }

    /** Returns the original task. */
    static Runnable unwrap(Runnable task) {
        return task instanceof ContextTask<?> wrapped && wrapped.task() instanceof Runnable original ? original : task;
    }

    static Runnable inContext(Runnable action) {
        requireNonNull(action, "action");
        return ScopedContext.capture().wrap(action);
    }

    static <R extends @Nullable Object> Supplier<R> inContext(Supplier<R> supplier) {
        requireNonNull(supplier, "supplier");
        return ScopedContext.capture().wrapSupplier(supplier);
    }

    @SuppressWarnings("overloads") // never called with a lambda
    static <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> inContext(Function<A, R> fn) {
        requireNonNull(fn, "fn");
        return ScopedContext.capture().wrapFunction(fn);
    }

    @SuppressWarnings("overloads")
    static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> //
            BiFunction<A, B, R> inContext(BiFunction<A, B, R> fn) {
        requireNonNull(fn, "fn");
        return ScopedContext.capture().wrapBiFunction(fn);
    }

    @SuppressWarnings("overloads")
    static <A extends @Nullable Object> Consumer<A> inContext(Consumer<A> action) {
        requireNonNull(action, "action");
        return ScopedContext.capture().wrapConsumer(action);
    }

    @SuppressWarnings("overloads")
    static <A extends @Nullable Object, B extends @Nullable Object> BiConsumer<A, B> inContext(
            BiConsumer<A, B> action) {
        requireNonNull(action, "action");
        return ScopedContext.capture().wrapBiConsumer(action);
    }

    @SuppressWarnings("overloads")
    static <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> fallback(Function<A, R> fn) {
        return ContextTask.lenient(inContext(fn));
    }

    @SuppressWarnings("overloads")
    static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> //
            BiFunction<A, B, R> fallback(BiFunction<A, B, R> fn) {
        return ContextTask.lenient(inContext(fn));
    }

    @SuppressWarnings("overloads")
    static <A extends @Nullable Object, B extends @Nullable Object> BiConsumer<A, B> fallback(BiConsumer<A, B> action) {
        return ContextTask.lenient(inContext(action));
    }
}
