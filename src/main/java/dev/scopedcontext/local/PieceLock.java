package dev.scopedcontext.local;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a managed scope, which one thread at a time holds.
 *
 * <p>Code that has overflowed the stack may have no room left for a method call, and a {@code ReentrantLock} would then
 * stay locked. This lock is released by a write of null to {@link #owner}, followed by a call of {@link #wakeNext}. If
 * that call fails, a waiting thread notices the release by itself after a short time.
 */
final class PieceLock {

    private static final AtomicReferenceFieldUpdater<PieceLock, @Nullable Thread> OWNER = AtomicReferenceFieldUpdater
            .newUpdater(PieceLock.class, Thread.class, "owner");

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The thread that holds the lock, or null. */
    volatile @Nullable Thread owner;

    private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    boolean isHeldByCurrentThread() {
        return owner == Thread.currentThread();
    }

    /**
     * Takes the lock, waiting for it if necessary, unless the calling thread already holds it.
     *
     * @return true if the calling thread did not hold the lock, and so must release it
     */
    boolean take() {
        Thread thread = Thread.currentThread();
        if (owner == thread) {
            return false;
        }
        if (!OWNER.compareAndSet(this, null, thread)) {
            await(thread);
        }
        return true;
    }

    private void await(Thread thread) {
        try {
            if (isInterruptedWaiting(thread)) {
                thread.interrupt();
            }
        } catch (Throwable overflow) {
            if (owner == thread) {
                owner = null;
            }
            throw overflow;
        }
    }

    /** Waits until the lock is taken, and returns whether the thread was interrupted meanwhile. */
    private boolean isInterruptedWaiting(Thread thread) {
        boolean interrupted = false;
        waiting.add(thread);
        try {
            while (!OWNER.compareAndSet(this, null, thread)) {
                LockSupport.parkNanos(this, RETRY_NANOS);
                interrupted |= Thread.interrupted();
            }
        } finally {
            waiting.remove(thread);
        }
        return interrupted;
    }

    /** Wakes the thread that has waited longest, if any; called after the lock was released. */
    void wakeNext() {
        LockSupport.unpark(waiting.peek());
    }
}
