package dev.scopedcontext.internal;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reaches the end of a scope on every path. An end runs inside a context where that is possible; a context that
 * refuses to be entered must not keep the end from being reached.
 */
public final class Endings {

    private Endings() {
    }

    /**
     * Runs an end once: inside a context, or outside of it if that cannot be entered.
     *
     * @param context enters the context and runs its argument there, such as {@code snapshot::run}
     * @param end the end. Its argument is null inside the context. Outside of it, it is the failure with which the
     *        context refused to be entered, which counts as a failure of the work that ends
     */
    public static void reach(Consumer<Runnable> context, Consumer<@Nullable Throwable> end) {
        boolean[] reached = {false};
        try {
            context.accept(() -> {
                reached[0] = true;
                end.accept(null);
            });
        } catch (Throwable failure) {
            if (!reached[0]) {
                endOutside(failure, end);
            }
            throw failure;
        }
    }

    private static void endOutside(Throwable refusal, Consumer<@Nullable Throwable> end) {
        try {
            end.accept(refusal);
        } catch (Throwable next) {
            Failures.add(refusal, next);
        }
    }
}
