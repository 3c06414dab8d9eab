package dev.scopedcontext.internal;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs the end of a scope on every path: inside a context, or outside of it if the context cannot be entered. */
public final class Endings {

    private Endings() {
    }

    /**
     * Runs an end once, for work that has not failed: inside a context, or outside of it if the context cannot be
     * entered.
     *
     * @param context enters the context and runs its argument there, such as {@code snapshot::run}
     * @param end the end. Its argument is null inside the context. Outside of it, the argument is the exception that
     *        prevented entering the context, which counts as a failure of the work
     */
    public static void reach(Consumer<Runnable> context, Consumer<@Nullable Throwable> end) {
        reach(context, null, end);
    }

    /**
     * Runs an end once: inside a context, or outside of it if the context cannot be entered. Failures of both are
     * suppressed into the failure of the work. If there is none, the first one is thrown and later ones are suppressed
     * into it.
     *
     * @param context enters the context and runs its argument there, such as {@code snapshot::run}
     * @param failure the failure of the work that ends, or null
     * @param end the end. Its argument is the failure of the work, or null. If the context cannot be entered, that
     *        counts as a failure of the work. If the context returns without running the end, that is not a failure
     */
    public static void reach(Consumer<Runnable> context, @Nullable Throwable failure,
            Consumer<@Nullable Throwable> end) {
        boolean[] reached = {false};
        Throwable first = failure;
        try {
            context.accept(() -> {
                reached[0] = true;
                end.accept(failure);
            });
        } catch (Throwable thrown) {
            first = Failures.add(failure, thrown);
        }
        if (!reached[0]) {
            Throwable soFar = first;
            first = Failures.attempt(soFar, () -> end.accept(soFar));
        }
        if (failure == null) {
            Failures.throwIfAny(first);
        }
    }
}
