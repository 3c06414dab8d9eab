package dev.scopedcontext;

import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function that runs in a captured context of its own, of a kind that stages of a future accept. It fails if its
 * context cannot be entered; {@code anyway} returns a function that runs all the same.
 */
interface WrappedStage extends Wrapped {

    /** Wraps a {@code Function}. */
    record OfFunction<A extends @Nullable Object, R extends @Nullable Object>(ContextSnapshot context,
            Function<A, R> fn) implements Function<A, R>, WrappedStage {

        @Override
        public R apply(A argument) {
            return context.call(() -> fn.apply(argument));
        }

        Function<A, R> anyway() {
            return argument -> context.callAnyway(() -> fn.apply(argument));
        }
    }

    /** Wraps a {@code BiFunction}. */
    record OfBiFunction<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>(
            ContextSnapshot context, BiFunction<A, B, R> fn) implements BiFunction<A, B, R>, WrappedStage {

        @Override
        public R apply(A first, B second) {
            return context.call(() -> fn.apply(first, second));
        }

        BiFunction<A, B, R> anyway() {
            return (first, second) -> context.callAnyway(() -> fn.apply(first, second));
        }
    }

    /** Wraps a {@code BiConsumer}. */
    record OfBiConsumer<A extends @Nullable Object, B extends @Nullable Object>(ContextSnapshot context,
            BiConsumer<A, B> action) implements BiConsumer<A, B>, WrappedStage {

        @Override
        public void accept(A first, B second) {
            context.run(() -> action.accept(first, second));
        }

        BiConsumer<A, B> anyway() {
            return (first, second) -> context.<@Nullable Void, RuntimeException>callAnyway(() -> {
                action.accept(first, second);
                return null;
            });
        }
    }
}
