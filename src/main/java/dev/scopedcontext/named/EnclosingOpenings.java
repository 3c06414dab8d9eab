package dev.scopedcontext.named;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.ThreadWork;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The openings that the running code is a part of: their openers have called it or handed it over.
 *
 * <p>An opener may schedule a task whose session opens a resource, whose opener schedules the next task, and so on. The
 * record of such a chain stays short, because openings that have ended are replaced by those around them that have not.
 *
 * @param direct the innermost opening in the context; null if the context was captured outside of all openers
 * @param all the direct one, and those of the thread around each captured context that it has entered
 */
record EnclosingOpenings(@Nullable ResourceOpening direct, List<ResourceOpening> all) {

    private static final EnclosingOpenings NONE = new EnclosingOpenings(null, List.of());

    private static final ContextKey<EnclosingOpenings> KEY = ContextKey
            .<EnclosingOpenings>builder("resource being opened")
            .withDefault(NONE).handOff(new OfThread()).build();

    /** Returns the openings of the running code, after shortening the record of each. */
    static EnclosingOpenings current() {
        EnclosingOpenings current = KEY.get();
        current.all.forEach(ResourceOpening::shortenRecord);
        return current;
    }

    /** Calls the opener of an opening. */
    static <R extends @Nullable Object, X extends Throwable> R call(ResourceOpening opening,
            CallableOp<? extends R, X> opener) throws X {
        return ScopedContext.where(KEY, new EnclosingOpenings(opening, List.of(opening))).<R, X>call(opener);
    }

    /** Returns one of these openings, or of those around them, that has not ended and matches, or null. */
    @Nullable
    ResourceOpening find(Predicate<ResourceOpening> wanted) {
        Set<ResourceOpening> seen = new HashSet<>();
        Queue<ResourceOpening> found = new ArrayDeque<>(counting());
        for (ResourceOpening next = found.poll(); next != null; next = found.poll()) {
            if (!next.ended && wanted.test(next)) {
                return next;
            }
            if (seen.add(next)) {
                found.addAll(next.enclosing().counting());
            }
        }
        return null;
    }

    /**
     * Returns the openings that count. A worker of a {@code ForkJoinPool} that waits in an opener runs other tasks
     * meanwhile, which may open instances of their own.
     */
    private List<ResourceOpening> counting() {
        if (!(Thread.currentThread() instanceof ForkJoinWorkerThread)) {
            return all;
        }
        return direct == null ? List.of() : List.of(direct);
    }

    /** Returns a record in which openings that have ended are replaced by those around them that have not. */
    EnclosingOpenings withoutEnded() {
        return hasEnded() ? new EnclosingOpenings(directWithoutEnded(), allWithoutEnded()) : this;
    }

    private boolean hasEnded() {
        for (ResourceOpening opening : all) {
            if (opening.ended) {
                return true;
            }
        }
        return false;
    }

    private @Nullable ResourceOpening directWithoutEnded() {
        ResourceOpening opening = direct;
        while (opening != null && opening.ended) {
            opening = opening.enclosing().direct;
        }
        return opening;
    }

    private List<ResourceOpening> allWithoutEnded() {
        Set<ResourceOpening> seen = new LinkedHashSet<>();
        Queue<ResourceOpening> found = new ArrayDeque<>(all);
        for (ResourceOpening next = found.poll(); next != null; next = found.poll()) {
            if (seen.add(next) && next.ended) {
                found.addAll(next.enclosing().all);
            }
        }
        seen.removeIf(opening -> opening.ended);
        return List.copyOf(seen);
    }

    private EnclosingOpenings inside(EnclosingOpenings around) {
        EnclosingOpenings added = around.withoutEnded();
        if (all.containsAll(added.all)) {
            return this;
        }
        Set<ResourceOpening> both = new LinkedHashSet<>(all);
        both.addAll(added.all);
        return new EnclosingOpenings(direct, List.copyOf(both)).withoutEnded();
    }

    /** Keeps the openings of a thread while that runs in a captured context. */
    private static final class OfThread implements HandOff<EnclosingOpenings>, ThreadWork<EnclosingOpenings> {

        @Override
        public EnclosingOpenings inside(EnclosingOpenings around, @Nullable EnclosingOpenings captured) {
            return captured == null ? NONE.inside(around) : captured.inside(around);
        }
    }
}
