package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.stream.Collectors.joining;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A resource that is being opened.
 *
 * <p>An opening needs another one if its opener has begun it, or waits for it. The first is known to the one that
 * was begun, since the opening is bound while its opener runs, and so travels to what that forks. The second is
 * written down before the wait begins. If what is to be waited for needs whoever waits, neither would ever end:
 * that is looked for under one lock, which only those take who have to wait.
 */
final class Opening {

    private static final ContextKey<Opening> UNDER_WAY = ContextKey.named("resource being opened");

    private static final Object WAITS = new Object();

    private final ResourceKey<?> resource;

    /** The resources of the session that it is for, be it that itself or a task of it which opens. */
    private final Resources session;
    private final Thread thread = Thread.currentThread();
    private final CountDownLatch done = new CountDownLatch(1);

    /** Written by the thread that opens, when it has done so or failed, before it counts down. */
    volatile boolean ended;

    /** What the opener returned, until it is kept or closed; read by others when this has ended. */
    @Nullable
    Object unkept;

    /** Whose opener has begun this, if one has. */
    private final @Nullable Opening by = UNDER_WAY.orElse(null);

    /** Whose openers wait for this; guarded by {@link #WAITS}. */
    private final List<Opening> waiting = new ArrayList<>(0);

    Opening(ResourceKey<?> resource, Resources session) {
        this.resource = resource;
        this.session = session;
    }

    boolean isOf(ResourceKey<?> key) {
        return resource == key;
    }

    /** Returns the opening of the same resource that has begun this, over whatever others; of the same session. */
    @Nullable
    Opening around() {
        Opening around = by;
        while (around != null && (around.ended || around.resource != resource || around.session != session)) {
            around = around.by;
        }
        return around;
    }

    <T> T call(ResourceOpener<T> opener) throws Exception {
        return ScopedContext.where(UNDER_WAY, this).<T, Exception>call(() -> {
            T instance = opener.open();
            unkept = instance; // at once, by a store: the stack may overflow on the way back
            return instance;
        });
    }

    void closeUnkept() {
        resource.close(requireNonNull(unkept));
    }

    void wakeWaiters() {
        done.countDown();
    }

    /**
     * Waits until this has ended, interrupted or not.
     *
     * @param wanted what would have been opened instead, had this not come first
     * @throws IllegalStateException if this needs whoever waits
     */
    void await(Opening wanted) {
        Opening waiter = wanted.by;
        synchronized (WAITS) {
            ensureNoCircle(waiter);
            if (waiter != null) {
                waiting.add(waiter);
            }
        }
        awaitEnd();
        synchronized (WAITS) {
            waiting.remove(waiter);
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        while (!ended) {
            try {
                // From time to time a look: an opener's stack may have overflowed, and then it wakes nobody.
                done.await(100, MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void ensureNoCircle(@Nullable Opening waiter) {
        List<Opening> way = wayTo(waiter, new HashSet<>());
        if (way.isEmpty() && thread == Thread.currentThread() && !ended) {
            way = List.of(this); // the opener has left its context, for that of a snapshot
        }
        if (!way.isEmpty()) {
            throw new IllegalStateException(Stream.concat(way.stream(), Stream.of(this)).map(o -> o.resource.name())
                    .collect(joining(" → ", "Resources need each other to be opened: ", ". Open one of them without"
                            + " the other, and give it that one later")));
        }
    }

    /** Returns how this comes to need another: from this to that one, or nothing if it does not. */
    private List<Opening> wayTo(@Nullable Opening other, Set<Opening> seen) {
        if (other == null || other.ended || !seen.add(other)) {
            return List.of();
        }
        if (other == this) {
            return List.of(this);
        }
        List<Opening> way = wayTo(other.by, seen);
        for (int i = 0; way.isEmpty() && i < other.waiting.size(); i++) {
            way = wayTo(other.waiting.get(i), seen);
        }
        return way.isEmpty() ? way : Stream.concat(way.stream(), Stream.of(other)).toList();
    }
}
