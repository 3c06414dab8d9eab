package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Wraps the functions of stages that also run after a failure, such as {@code whenComplete} and {@code exceptionally}.
 * They release what was taken, or supply what is missing, so they run even if the captured context cannot be entered.
 * A function that is wrapped already runs in its own context.
 */
final class FallbackStage {

    private FallbackStage() {
    }

    static <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> of(Function<A, R> fn) {
        requireNonNull(fn, "fn");
        return (fn instanceof WrappedStage.OfFunction<A, R> wrapped
                ? wrapped
                : new WrappedStage.OfFunction<>(ScopedContext.capture(), fn)).anyway();
    }

    static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> //
            BiFunction<A, B, R> of(BiFunction<A, B, R> fn) {
        requireNonNull(fn, "fn");
        return (fn instanceof WrappedStage.OfBiFunction<A, B, R> wrapped
                ? wrapped
                : new WrappedStage.OfBiFunction<>(ScopedContext.capture(), fn)).anyway();
    }

    @SuppressWarnings("overloads") // never called with a lambda
    static <A extends @Nullable Object, B extends @Nullable Object> BiConsumer<A, B> of(BiConsumer<A, B> action) {
        requireNonNull(action, "action");
        return (action instanceof WrappedStage.OfBiConsumer<A, B> wrapped
                ? wrapped
                : new WrappedStage.OfBiConsumer<>(ScopedContext.capture(), action)).anyway();
    }
}
