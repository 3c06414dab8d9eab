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
 * Lets attempts to open resources wait for each other, and refuses a wait that would never end.
 *
 * <p>An opening needs another one if its opener has begun that one or waits for it. A new opening needs nothing yet,
 * so only a wait can close a circle. A thread therefore looks for a circle and records its wait in one step under a
 * lock. Of all threads in a circle, the last one to wait finds it. Only threads that wait in an opener take the lock.
 *
 * <p>The reasons are in {@code docs/decisions/0011-resources.md}.
 */
final class WaitGraph {

    private static final Object LOCK = new Object();

    private WaitGraph() {
    }

    /**
     * Waits until another attempt has ended, as {@link ResourceOpening#await} does.
     *
     * @param waiter the attempt of the calling thread
     * @param awaited the other attempt
     * @throws IllegalStateException if that one needs, through any others, an opening that the waiter is a part of
     */
    static void await(ResourceOpening waiter, ResourceOpening awaited) {
        if (waiter.enclosing().all().isEmpty()) {
            awaited.await();
            return;
        }
        add(waiter, awaited);
        try {
            awaited.await();
        } finally {
            remove(waiter, awaited);
        }
    }

    private static void add(ResourceOpening waiter, ResourceOpening awaited) {
        synchronized (LOCK) {
            if (!awaited.ended) {
                ensureNotNeeded(waiter, awaited);
                awaited.waiters.add(waiter);
            }
        }
    }

    private static void remove(ResourceOpening waiter, ResourceOpening awaited) {
        synchronized (LOCK) {
            awaited.waiters.remove(waiter);
        }
    }

    private static void ensureNotNeeded(ResourceOpening waiter, ResourceOpening awaited) {
        List<ResourceOpening> path = path(awaited, waiter.enclosing().all());
        if (!path.isEmpty()) {
            throw new IllegalStateException(Stream.concat(path.stream(), Stream.of(awaited)).map(ResourceOpening::name)
                    .collect(joining(" → ", "Resources need each other to be opened: ", ". Open one of them without"
                            + " the other, and supply the other one later")));
        }
    }

    /** Returns a shortest path on which one opening needs one of others, or nothing if it needs none of them. */
    private static List<ResourceOpening> path(ResourceOpening from, Collection<ResourceOpening> to) {
        Map<ResourceOpening, @Nullable ResourceOpening> needed = new HashMap<>();
        Queue<ResourceOpening> found = new ArrayDeque<>();
        addAll(to, null, needed, found);
        for (ResourceOpening next = found.poll(); next != null && next != from; next = found.poll()) {
            addAll(next.enclosing().all(), next, needed, found);
            for (ResourceOpening waiter : next.ended ? List.<ResourceOpening>of() : next.waiters) {
                if (!waiter.ended) { // a thread whose stack has overflowed may not have removed its own
                    addAll(waiter.enclosing().all(), next, needed, found);
                }
            }
        }
        List<ResourceOpening> path = new ArrayList<>();
        for (ResourceOpening next = needed.containsKey(from) ? from : null; next != null; next = needed.get(next)) {
            path.add(next);
        }
        return path;
    }

    private static void addAll(Collection<ResourceOpening> needing, @Nullable ResourceOpening other,
            Map<ResourceOpening, @Nullable ResourceOpening> needed, Queue<ResourceOpening> found) {
        for (ResourceOpening opening : needing) {
            if (!needed.containsKey(opening)) {
                needed.put(opening, other);
                found.add(opening);
            }
        }
    }
}
