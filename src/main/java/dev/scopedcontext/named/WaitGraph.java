package dev.scopedcontext.named;

import static java.util.stream.Collectors.joining;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds circles of openings that need each other.
 *
 * <p>An opening needs another one if its opener has begun that one or waits for it. A new opening needs nothing yet,
 * so only a wait can close a circle. A thread therefore looks for a circle and records its wait in one step under a
 * lock. Of all threads in a circle, the last one to wait finds it. Only threads that have to wait take the lock.
 */
final class WaitGraph {

    private static final Object LOCK = new Object();

    private WaitGraph() {
    }

    /**
     * Notes that an attempt to open a resource waits for another one.
     *
     * @throws IllegalStateException if that one needs, through any others, an opening that the attempt is a part of
     */
    static void add(Opening waiter, Opening awaited) {
        synchronized (LOCK) {
            if (!awaited.ended) {
                ensureNotNeeded(waiter, awaited);
                awaited.waiters.add(waiter);
            }
        }
    }

    static void remove(Opening waiter, Opening awaited) {
        synchronized (LOCK) {
            awaited.waiters.remove(waiter);
        }
    }

    /** Refuses an attempt to open a resource inside of the opener of that. */
    static void ensureNotAround(Opening waiter) {
        Opening around = waiter.around();
        if (around != null) {
            synchronized (LOCK) {
                ensureNotNeeded(waiter, around);
            }
        }
    }

    private static void ensureNotNeeded(Opening waiter, Opening awaited) {
        List<Opening> way = way(awaited, waiter.openers.all());
        if (!way.isEmpty()) {
            throw new IllegalStateException(Stream.concat(way.stream(), Stream.of(awaited)).map(Opening::name)
                    .collect(joining(" → ", "Resources need each other to be opened: ", ". Open one of them without"
                            + " the other, and give it that one later")));
        }
    }

    /** Returns a shortest way on which one opening needs one of others, or nothing if it needs none of them. */
    private static List<Opening> way(Opening from, Collection<Opening> to) {
        Map<Opening, @Nullable Opening> needed = new HashMap<>();
        Queue<Opening> found = new ArrayDeque<>();
        addAll(to, null, needed, found);
        for (Opening next = found.poll(); next != null && next != from; next = found.poll()) {
            addAll(next.openers.all(), next, needed, found);
            for (Opening waiter : next.ended ? List.<Opening>of() : next.waiters) {
                addAll(waiter.openers.all(), next, needed, found);
            }
        }
        List<Opening> way = new ArrayList<>();
        for (Opening next = needed.containsKey(from) ? from : null; next != null; next = needed.get(next)) {
            way.add(next);
        }
        return way;
    }

    private static void addAll(Collection<Opening> needing, @Nullable Opening other,
            Map<Opening, @Nullable Opening> needed, Queue<Opening> found) {
        for (Opening opening : needing) {
            if (!needed.containsKey(opening)) {
                needed.put(opening, other);
                found.add(opening);
            }
        }
    }
}
