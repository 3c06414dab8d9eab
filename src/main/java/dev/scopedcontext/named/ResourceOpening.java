package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.TimeLimit;
import java.net.SocketTimeoutException;
import java.util.Collection;
import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An attempt of a thread to open a resource: it calls the opener, or waits for another attempt that does. */
final class ResourceOpening {

    /** The interval at which a waiting thread checks the attempt: a thread whose stack has overflowed wakes nobody. */
    private static final long LOOK_NANOS = MILLISECONDS.toNanos(100);

    /** The causes of a failure that are looked at, which may lie in a circle. */
    private static final int MOST_CAUSES = 100;

    /** The attempts that wait for this; guarded by the lock of {@link WaitGraph}. */
    final Collection<ResourceOpening> waiters = new HashSet<>(0);

    private final ResourceDefinition resource;

    /** The session that it is for, whether that itself or a task of it opens the resource. */
    private final Lifetime session;
    private final CountDownLatch done = new CountDownLatch(1);

    /** The openings that this is a part of. Shortened by any thread; all of them find the same. */
    private volatile EnclosingOpenings enclosing = EnclosingOpenings.current();

    /** The thread that opens; null when it has done so or failed, since captured contexts may keep this for long. */
    volatile @Nullable Thread thread = Thread.currentThread();

    /** Written by the thread that opens, when it has done so or failed, after the fields below. */
    volatile boolean ended;

    /** The instance that the opener returned, until it is kept or closed; read by others when this has ended. */
    @Nullable
    Object unkept;

    /** The failure of the attempt, if it is one of the resource. Read by others when this has ended. */
    private @Nullable Throwable failure;

    ResourceOpening(ResourceDefinition resource, Lifetime session) {
        this.resource = resource;
        this.session = session;
    }

    boolean isOf(ResourceDefinition other) {
        return resource == other;
    }

    String name() {
        return resource.name();
    }

    EnclosingOpenings enclosing() {
        return enclosing;
    }

    void shortenRecord() {
        enclosing = enclosing.withoutEnded();
    }

    /** Returns the opening of the same resource, for the same session, that this is a part of, or null. */
    @Nullable
    ResourceOpening around() {
        return enclosing.find(other -> other.resource == resource && other.session == session);
    }

    /** Calls the opener, on the thread of this. */
    Object open() {
        try {
            return instance();
        } catch (Throwable thrown) {
            fail(thrown);
            throw thrown;
        }
    }

    private Object instance() {
        try {
            return requireNonNull(EnclosingOpenings.<@Nullable Object, Exception>call(this, this::callOpener),
                    () -> "The opener of " + resource + " returned null");
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw resource.wrap(" could not be opened", thrown);
        }
    }

    private @Nullable Object callOpener() throws Exception {
        Object instance = resource.opener().open();
        unkept = instance; // at once, by a store: the stack may overflow on the way back
        return instance;
    }

    void closeUnkept() {
        resource.close(requireNonNull(unkept));
    }

    /**
     * Sets the failure that is thrown to the threads that wait for this, unless it tells nothing about the resource. In
     * that case they try themselves.
     */
    private void fail(Throwable thrown) {
        TimeLimit limit = TimeLimit.current();
        boolean isOfThread = thrown instanceof VirtualMachineError || Thread.currentThread().isInterrupted()
                || (limit != null && limit.isUp()) || isOfThread(thrown, limit != null);
        failure = isOfThread ? null : thrown;
    }

    /** Returns whether a failure, or one of its causes, comes of an interrupt or of the deadline of the thread. */
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
     * Waits until this has ended, or until the session ends, for which it is then too late.
     *
     * @throws ResourceException if the calling thread is interrupted
     */
    void await() {
        awaitEnd();
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
        Thread opening = thread;
        return "while waiting for " + resource + ", which "
                + (opening == null ? "another thread was opening" : opening + " is opening");
    }
}
