package dev.scopedcontext.task;

import org.jspecify.annotations.Nullable;

/** What runs on a thread of its own, which can be interrupted and waited for. */
abstract sealed class HasThread permits ForkedSubtask {

    /**
     * Set by the owner of the scope before the thread starts; cleared by the owner, or by a thread that was not made by
     * the user, when it has gone.
     */
    volatile @Nullable Thread thread;

    /** The owner's alone: whether the thread was made. */
    boolean isMade;

    /** Guarded by this: whether the thread was interrupted. */
    private boolean interrupted;

    /** Interrupts the thread, the first time. */
    void interrupt() {
        Thread thread = this.thread;
        if (thread == null || thread == Thread.currentThread() || !claimInterrupt()) {
            return;
        }
        try {
            thread.interrupt();
        } catch (Throwable ignored) {
            // It closes the channel that the thread is blocked in, which may fail. The others are to be interrupted.
        }
    }

    /** Interrupts the calling thread, which is that of this, unless somebody else does or has done. */
    void interruptSelf() {
        if (claimInterrupt()) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean claimInterrupt() {
        boolean first = !interrupted;
        interrupted = true;
        return first;
    }

    /** Waits for the thread if it was started, and returns whether that was interrupted. */
    boolean awaitThread() {
        boolean interrupted = false;
        Thread thread = this.thread;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    /** False also for a thread that was never started: only one that is alive could start it. */
    boolean isAlive() {
        Thread thread = this.thread;
        return thread != null && thread.isAlive();
    }

    /**
     * Makes sure that this does nothing if it is run from now on, and holds no task any more. Returns false if it has
     * begun before.
     */
    abstract boolean refuse();

    boolean hasGone() {
        Thread thread = this.thread;
        return thread == null ? isMade : thread.getState() == Thread.State.TERMINATED;
    }
}
