package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Wraps the functions of stages that also run after a failure, such as {@code whenComplete} and {@code exceptionally}.
 * They release what was taken, or supply what is missing, so they run even if the captured context cannot be entered.
 */
final class FallbackStage {

    private FallbackStage() {
    }

    static <A extends @Nullable Object, R extends @Nullable Object> Function<A, R> of(Function<A, R> fn) {
        requireNonNull(fn, "fn");
        ContextSnapshot context = ScopedContext.capture();
        return fn instanceof Wrapped ? fn : argument -> context.callAnyway(() -> fn.apply(argument));
    }

    static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> //
            BiFunction<A, B, R> of(BiFunction<A, B, R> fn) {
        requireNonNull(fn, "fn");
        ContextSnapshot context = ScopedContext.capture();
        return fn instanceof Wrapped ? fn : (first, second) -> context.callAnyway(() -> fn.apply(first, second));
    }

    @SuppressWarnings("overloads") // never called with a lambda
    static <A extends @Nullable Object, B extends @Nullable Object> BiConsumer<A, B> of(BiConsumer<A, B> action) {
        requireNonNull(action, "action");
        ContextSnapshot context = ScopedContext.capture();
        return action instanceof Wrapped
                ? action
                : (first, second) -> context.<@Nullable Void, RuntimeException>callAnyway(() -> {
                    action.accept(first, second);
                    return null;
                });
    }
}
