package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.TimeLimit;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An attempt of a thread to open a resource: it calls the opener, or waits for another attempt that does. */
final class Opening {

    /** The interval at which a waiting thread checks the attempt: a thread whose stack has overflowed wakes nobody. */
    private static final long LOOK_NANOS = MILLISECONDS.toNanos(100);

    /** The causes of a failure that are looked at, which may lie in a circle. */
    private static final int MOST_CAUSES = 100;

    /** The openings that this is a part of. */
    final Openers openers = Openers.current();

    /** The attempts that wait for this; guarded by the lock of {@link WaitGraph}. */
    final Collection<Opening> waiters = new HashSet<>(0);

    private final ResourceKey<?> resource;

    /** The resources of the session that it is for, be it that itself or a task of it which opens. */
    private final Resources session;
    private final Thread thread = Thread.currentThread();
    private final CountDownLatch done = new CountDownLatch(1);

    /** Written by the thread that opens, when it has done so or failed, after all other fields. */
    volatile boolean ended;

    /** The instance that the opener returned, until it is kept or closed; read by others when this has ended. */
    @Nullable
    Object unkept;

    /** The failure of the attempt, if it is one of the resource. Read by others when this has ended. */
    private @Nullable Throwable failure;

    Opening(ResourceKey<?> resource, Resources session) {
        this.resource = resource;
        this.session = session;
    }

    boolean isOf(ResourceKey<?> key) {
        return resource == key;
    }

    String name() {
        return resource.name();
    }

    <T> T call(ResourceOpener<T> opener) throws Exception {
        return Openers.<T, Exception>call(this, () -> {
            T instance = opener.open();
            unkept = instance; // at once, by a store: the stack may overflow on the way back
            return instance;
        });
    }

    void closeUnkept() {
        resource.close(requireNonNull(unkept));
    }

    /**
     * Sets the failure that is thrown to the threads that wait for this, unless it tells nothing about the resource. In
     * that case they try themselves.
     */
    void fail(Throwable thrown) {
        TimeLimit limit = TimeLimit.current();
        boolean isOfThread = thrown instanceof VirtualMachineError || Thread.currentThread().isInterrupted()
                || (limit != null && limit.isUp()) || isOfThread(thrown, limit != null);
        failure = isOfThread ? null : thrown;
    }

    /** Tells whether a failure, or one of its causes, comes of an interrupt or of the deadline of the thread. */
    private static boolean isOfThread(Throwable thrown, boolean hasLimit) {
        int causes = 0;
        for (Throwable cause = thrown; cause != null && causes++ < MOST_CAUSES; cause = cause.getCause()) {
            boolean isTimeout = cause instanceof TimeoutException || cause instanceof SocketTimeoutException;
            if (Failures.isInterruption(cause) || TimeLimit.isFailure(cause) || (hasLimit && isTimeout)) {
                return true;
            }
        }
        return false;
    }

    void wakeWaiters() {
        done.countDown();
    }

    /**
     * Waits until this has ended, or the session does, which it is then opened too late for.
     *
     * @param waiter the attempt that waits
     * @throws IllegalStateException if this needs an opening that the waiter is a part of
     * @throws ResourceException if the calling thread is interrupted
     */
    void await(Opening waiter) {
        if (waiter.openers.all().isEmpty()) {
            awaitEnd();
        } else {
            WaitGraph.add(waiter, this);
            try {
                awaitEnd();
            } finally {
                WaitGraph.remove(waiter, this);
            }
        }
        Failures.throwIfAny(ended ? failure : null);
    }

    private void awaitEnd() {
        TimeLimit limit = TimeLimit.current();
        while (!ended && session.canOpen()) {
            if (limit != null && limit.isUp()) {
                throw limit.failure().apply("The deadline passed " + whileWaiting());
            }
            try {
                boolean unused = done.await(
                        limit == null ? LOOK_NANOS : Math.min(limit.nanosLeft().getAsLong(), LOOK_NANOS), NANOSECONDS);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                if (!ended) {
                    throw new ResourceException("Interrupted " + whileWaiting(), interruption);
                }
            }
        }
    }

    private String whileWaiting() {
        return "while waiting for " + resource + ", which " + thread + " is opening";
    }

    /** Returns the opening of the same resource, for the same session, that this is a part of, or null. */
    @Nullable
    Opening around() {
        Set<Opening> seen = new HashSet<>();
        Queue<Opening> found = new ArrayDeque<>(around(openers));
        for (Opening next = found.poll(); next != null; next = found.poll()) {
            if (!next.ended && next.resource == resource && next.session == session) {
                return next;
            }
            if (seen.add(next)) {
                found.addAll(around(next.openers));
            }
        }
        return null;
    }

    /**
     * Returns the openings that count. A worker of a {@code ForkJoinPool} that waits in an opener runs other tasks
     * meanwhile, which may open instances of their own.
     */
    private static List<Opening> around(Openers openers) {
        if (!(Thread.currentThread() instanceof ForkJoinWorkerThread)) {
            return openers.all();
        }
        Opening direct = openers.direct();
        return direct == null ? List.of() : List.of(direct);
    }
}
