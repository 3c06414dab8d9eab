package dev.scopedcontext.named;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.ThreadWork;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The openings that running code is a part of, because their openers have called it or have handed it over.
 *
 * @param direct the innermost opening in the context; null if the context was captured outside of all openers
 * @param all the direct one, and those of the thread around each captured context that it has entered
 */
record Openers(@Nullable Opening direct, List<Opening> all) {

    private static final Openers NONE = new Openers(null, List.of());

    private static final ContextKey<Openers> KEY = ContextKey.<Openers>builder("resource being opened")
            .withDefault(NONE).handOff(new OfThread()).build();

    static Openers current() {
        return KEY.get();
    }

    /** Calls the opener of an opening. */
    static <R, X extends Throwable> R call(Opening opening, CallableOp<? extends R, X> opener) throws X {
        return ScopedContext.where(KEY, new Openers(opening, List.of(opening))).<R, X>call(opener);
    }

    private Openers inside(Openers around) {
        if (all.containsAll(around.all)) {
            return this;
        }
        Set<Opening> both = new LinkedHashSet<>(all);
        both.addAll(around.all);
        return new Openers(direct, List.copyOf(both));
    }

    /** Keeps the openings of a thread while that runs in a captured context. */
    private static final class OfThread implements HandOff<Openers>, ThreadWork<Openers> {

        @Override
        public Openers inside(Openers around, @Nullable Openers captured) {
            return captured == null ? NONE.inside(around) : captured.inside(around);
        }
    }
}
