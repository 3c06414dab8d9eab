package dev.scopedcontext.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The subtasks of a scope whose threads may be running, so that they can be awaited and cancelled. Also counts the
 * subtasks that have ended.
 *
 * <p>Only the owner adds a subtask, and then writes {@link #count}. A thread that cancels writes {@link #mark} first
 * and then reads {@code count}. Therefore either the cancelling thread finds the subtask, or the owner or the subtask
 * itself finds the mark. When the array is full, subtasks whose threads have ended are dropped. A scope that forks for
 * days holds at most twice as many as are running.
 */
final class RunningSubtasks {

    private static final int CANCELLED = 1;
    private static final int TIMED_OUT = 2;

    private static final VarHandle ENDED;
    private static final VarHandle MARK;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(RunningSubtasks.class, "ended", int.class);
            MARK = MethodHandles.lookup().findVarHandle(RunningSubtasks.class, "mark", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Written by the owner, read by the thread that cancels.
    private volatile @Nullable SubtaskThread[] subtasks;
    private volatile int count;

    // Written by the threads of subtasks, read by the owner.
    private volatile int ended;

    // Written once by any thread, unless it stays zero. Read by any thread.
    private volatile int mark;

    // Written and read by the owner.
    private int size;
    private int added;

    RunningSubtasks() {
        this.subtasks = new @Nullable SubtaskThread[4];
    }

    void add(SubtaskThread subtask) {
        if (size == subtasks.length) {
            dropEnded();
        }
        subtasks[size++] = subtask;
        count = ++added;
    }

    /** Returns a subtask whose thread could not be started, or null. */
    @Nullable
    SubtaskThread unstarted() {
        for (SubtaskThread subtask : subtasks) {
            if (subtask != null && subtask.isUnstarted) {
                return subtask;
            }
        }
        return null;
    }

    /**
     * Removes a subtask whose thread could not be started. It need not be the last one: a thread factory may fork. The
     * others keep their order, in a new array, since a thread that cancels may be reading the old one.
     */
    void remove(SubtaskThread subtask) {
        @Nullable
        SubtaskThread[] others = new @Nullable SubtaskThread[subtasks.length];
        int end = 0;
        for (int i = 0; i < size; i++) {
            if (subtasks[i] != subtask) {
                others[end++] = subtasks[i];
            }
        }
        subtasks = others;
        size = end;
        count = --added;
    }

    /** Counts a subtask as ended, and returns true if no other one is running. */
    boolean countEnded() {
        return (int) ENDED.getAndAdd(this, 1) + 1 == count;
    }

    boolean haveEnded() {
        return ended == count;
    }

    /** Waits until all subtasks have ended. An interrupt does not end the wait. */
    void awaitEnds() {
        boolean interrupted = false;
        while (!haveEnded()) {
            interrupted |= Thread.interrupted();
            LockSupport.park(this);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isCancelled() {
        return mark != 0;
    }

    boolean isTimedOut() {
        return mark == TIMED_OUT;
    }

    /** Cancels the subtasks, and returns true if they were not cancelled before. */
    boolean cancel() {
        return cancel(CANCELLED);
    }

    /** Cancels the subtasks since the time is up, and returns true if they were not cancelled before. */
    boolean timeOut() {
        return cancel(TIMED_OUT);
    }

    private boolean cancel(int how) {
        boolean first = MARK.compareAndSet(this, 0, how);
        if (first) {
            interruptAll();
        }
        return first;
    }

    private void interruptAll() {
        if (count == 0) {
            return;
        }
        for (SubtaskThread subtask : subtasks) {
            if (subtask != null) {
                subtask.interrupt();
            }
        }
    }

    /** Waits until all threads that were started have ended. An interrupt does not end the wait. */
    void awaitThreads() {
        boolean interrupted = false;
        for (int i = 0; i < size; i++) {
            SubtaskThread subtask = subtasks[i];
            interrupted |= subtask != null && subtask.awaitThread();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns true if no thread is left that could end a subtask. */
    boolean haveThreadsEnded() {
        for (int i = 0; i < size; i++) {
            SubtaskThread subtask = subtasks[i];
            if (subtask != null && subtask.isAlive()) {
                return false;
            }
        }
        return true;
    }

    /** Drops all subtasks, whose threads have ended. A subtask that is retained must not retain the others. */
    void dropAll() {
        for (int i = 0; i < size; i++) {
            release(subtasks[i]);
            subtasks[i] = null;
        }
        size = 0;
    }

    /** Copies those that are running to a new array, since a thread that cancels may be reading the old one. */
    private void dropEnded() {
        @Nullable
        SubtaskThread[] remaining = new @Nullable SubtaskThread[placesNeeded()];
        int end = 0;
        for (SubtaskThread subtask : subtasks) {
            if (hasEnded(subtask)) {
                release(subtask);
            } else {
                remaining[end++] = subtask;
            }
        }
        subtasks = remaining;
        size = end;
    }

    private int placesNeeded() {
        int running = 0;
        for (SubtaskThread subtask : subtasks) {
            running += hasEnded(subtask) ? 0 : 1;
        }
        return running > subtasks.length / 2 ? 2 * subtasks.length : subtasks.length;
    }

    private static boolean hasEnded(@Nullable SubtaskThread subtask) {
        return subtask == null || subtask.hasEnded();
    }

    private static void release(@Nullable SubtaskThread subtask) {
        if (subtask != null) {
            subtask.thread = null;
            subtask.refuse();
        }
    }
}
