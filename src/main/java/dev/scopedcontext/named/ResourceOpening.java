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

/** An attempt of a thread to open a resource. The thread calls the opener, or waits for another attempt. */
final class ResourceOpening {

    /**
     * The interval at which a waiting thread checks the attempt: a thread whose stack has overflowed may not wake it.
     */
    private static final long LOOK_NANOS = MILLISECONDS.toNanos(100);

    /** The number of causes of a failure that are examined, since causes may be circular. */
    private static final int MOST_CAUSES = 100;

    /** The attempts that wait for this; guarded by the lock of {@link WaitGraph}. */
    final Collection<ResourceOpening> waiters = new HashSet<>(0);

    private final ResourceDefinition resource;

    /** The session of the resource, even if a task of the session opens it. */
    private final Lifetime session;
    private final CountDownLatch done = new CountDownLatch(1);

    /** The openings that this is a part of. Any thread may shorten the record, with the same result. */
    private volatile EnclosingOpenings enclosing = EnclosingOpenings.current();

    /** The thread that opens; null after the attempt, since captured contexts may retain this for a long time. */
    volatile @Nullable Thread thread = Thread.currentThread();

    /** Written by the thread that opens, after the attempt and after the fields below. */
    volatile boolean ended;

    /** The instance that the opener returned, until it is kept or closed; read by others when this has ended. */
    @Nullable
    Object unkept;

    /** The failure of the attempt, if the resource caused it. Read by others when this has ended. */
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

    /** Calls the opener. Called by the thread that opens. */
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
     * Sets the failure that the waiting threads throw. If the resource did not cause it, they try again themselves
     * instead.
     */
    private void fail(Throwable thrown) {
        TimeLimit limit = TimeLimit.current();
        boolean isOfThread = thrown instanceof VirtualMachineError || Thread.currentThread().isInterrupted()
                || (limit != null && limit.isUp()) || isOfThread(thrown, limit != null);
        failure = isOfThread ? null : thrown;
    }

    /** Returns whether a failure, or one of its causes, is due to an interrupt or to the deadline of the thread. */
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
     * Waits until this attempt or the session has ended.
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
