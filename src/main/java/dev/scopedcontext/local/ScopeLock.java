package dev.scopedcontext.local;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a managed scope. One thread at a time holds it.
 *
 * <p>After a stack overflow, there may be no room for a method call, and a {@code ReentrantLock} would stay locked.
 * This lock is released by writing null to {@link #owner} and then calling {@link #wakeNext}. If that call fails, a
 * waiting thread detects the release itself after a short time.
 */
final class ScopeLock {

    private static final AtomicReferenceFieldUpdater<ScopeLock, @Nullable Thread> OWNER = AtomicReferenceFieldUpdater
            .newUpdater(ScopeLock.class, Thread.class, "owner");

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The thread that holds the lock, or null. */
    volatile @Nullable Thread owner;

    /** Whether the scope has been closed. From then on no thread waits for the lock. */
    volatile boolean closed;

    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();

    boolean isHeldByCurrentThread() {
        return owner == Thread.currentThread();
    }

    /**
     * Takes the lock, unless the calling thread already holds it. If necessary, waits until it is free or the scope is
     * closed.
     *
     * @return true if the calling thread has taken the lock, and therefore must release it
     */
    boolean take() {
        Thread thread = Thread.currentThread();
        if (owner == thread) {
            return false;
        }
        return takeIfFree() || await(thread);
    }

    /** Takes the lock if no thread holds it, and returns whether it did. */
    boolean takeIfFree() {
        return OWNER.compareAndSet(this, null, Thread.currentThread());
    }

    /**
     * Waits until the lock is taken or the scope is closed, and returns whether the lock is taken. If the stack
     * overflows meanwhile, plain writes end the wait. Only restoring the interrupt status is a call, and {@link
     * #waitUntilTaken} needed more stack to clear that status.
     */
    private boolean await(Thread thread) {
        Waiter waiter = new Waiter(thread);
        try {
            try {
                waitUntilTaken(waiter, thread);
            } finally {
                waiter.thread = null;
                if (waiter.interrupted) {
                    thread.interrupt();
                }
            }
        } catch (Throwable overflow) {
            if (owner == thread) {
                owner = null;
            }
            throw overflow;
        }
        return owner == thread;
    }

    private void waitUntilTaken(Waiter waiter, Thread thread) {
        waiting.add(waiter);
        while (!closed && !OWNER.compareAndSet(this, null, thread)) {
            LockSupport.parkNanos(this, RETRY_NANOS);
            if (thread.isInterrupted()) {
                waiter.interrupted = true; // first, since clearing the status may overflow halfway
                Thread.interrupted();
            }
        }
    }

    /** Wakes the thread that has waited longest, if any; called after the lock was released. */
    void wakeNext() {
        LockSupport.unpark(next());
    }

    /** Returns the thread that has waited longest, or null. Removes the waiters before it that no longer wait. */
    @Nullable
    Thread next() {
        for (Waiter first = waiting.peek(); first != null; first = waiting.peek()) {
            Thread thread = first.thread;
            if (thread != null) {
                return thread;
            }
            waiting.remove(first); // not poll(), since another thread may remove it too
        }
        return null;
    }

    /** A call that waits for the lock. */
    private static final class Waiter {

        /** The thread that waits; null when it no longer waits. */
        volatile @Nullable Thread thread;

        /** Whether the thread was interrupted while it waited. Used by that thread only. */
        boolean interrupted;

        Waiter(Thread thread) {
            this.thread = thread;
        }
    }
}
