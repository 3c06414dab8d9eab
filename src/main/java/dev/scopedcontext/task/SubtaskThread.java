package dev.scopedcontext.task;

import org.jspecify.annotations.Nullable;

/**
 * The thread of a subtask, which can be interrupted and awaited. It is a superclass so that a subtask is one object.
 */
abstract class SubtaskThread {

    /**
     * Written by the owner of the scope before the thread starts. Cleared when the thread ends: by the owner, or by the
     * thread itself unless the user created it.
     */
    volatile @Nullable Thread thread;

    // Written and read by the owner: whether the thread was created, and whether starting it has failed.
    boolean isCreated;
    boolean isUnstarted;

    // Guarded by this.
    private boolean interrupted;

    /** Interrupts the thread, unless it was interrupted before. */
    void interrupt() {
        Thread thread = this.thread;
        if (thread == null || thread == Thread.currentThread() || !claimInterrupt()) {
            return;
        }
        try {
            thread.interrupt();
        } catch (Throwable ignored) {
            // Closing the channel that blocks the thread may fail. The other threads must be interrupted nevertheless.
        }
    }

    /** Interrupts the calling thread, which runs the subtask, unless it was interrupted before. */
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

    /** Waits for the thread if it was started, and returns true if the wait was interrupted. */
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

    /** Also returns false for a thread that was never started: only a live thread could start it. */
    boolean isAlive() {
        Thread thread = this.thread;
        return thread != null && thread.isAlive();
    }

    boolean hasEnded() {
        Thread thread = this.thread;
        return thread == null ? isCreated : thread.getState() == Thread.State.TERMINATED;
    }

    /** Prevents the subtask from running and drops its task. Returns false if it has begun before. */
    abstract boolean refuse();
}
