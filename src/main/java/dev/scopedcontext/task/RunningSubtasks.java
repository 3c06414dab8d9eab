package dev.scopedcontext.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The subtasks of a scope that were started and may not have gone yet, to interrupt them and to wait for them; and
 * the count of those that have ended.
 *
 * <p>Only the owner adds, and then writes {@link #count}; whoever cancels first writes the scope's mark and then
 * reads {@code count}. So either the canceller finds a subtask here, or the owner, or the subtask itself, finds
 * the mark. Those that have gone are dropped when the array is full, so that a scope which forks for days holds
 * no more than twice what runs.
 */
final class RunningSubtasks {

    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(RunningSubtasks.class, "ended", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Written by the owner, read by whoever cancels. */
    private volatile @Nullable HasThread[] subtasks;
    private volatile int count;

    /** Written by the threads of subtasks, read by the owner. */
    private volatile int ended;

    /** The owner's alone. */
    private int size;
    private int added;

    RunningSubtasks() {
        this.subtasks = new @Nullable HasThread[4];
    }

    void add(HasThread subtask) {
        if (size == subtasks.length) {
            dropGone();
        }
        subtasks[size++] = subtask;
        count = ++added;
    }

    /**
     * Takes back one that was added, since its thread could not be started. A thread factory may fork meanwhile, so it
     * need not be the last one. The others keep their order, in a new array, since a canceller may be reading the old.
     */
    void remove(HasThread subtask) {
        @Nullable
        HasThread[] others = new @Nullable HasThread[subtasks.length];
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

    /** Counts a subtask as ended, and returns true if it is the last one for now. */
    boolean countEnded() {
        return (int) ENDED.getAndAdd(this, 1) + 1 == count;
    }

    boolean haveEnded() {
        return ended == count;
    }

    /** Waits until all subtasks have ended, however often the owner is interrupted. */
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

    void interruptAll() {
        if (count == 0) {
            return;
        }
        for (HasThread subtask : subtasks) {
            if (subtask != null) {
                subtask.interrupt();
            }
        }
    }

    /** Waits until all threads that were started have gone, however often it is interrupted. */
    void awaitThreads() {
        boolean interrupted = false;
        for (int i = 0; i < size; i++) {
            HasThread subtask = subtasks[i];
            interrupted |= subtask != null && subtask.awaitThread();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells whether no thread is left that could end a subtask. */
    boolean haveGone() {
        for (int i = 0; i < size; i++) {
            HasThread subtask = subtasks[i];
            if (subtask != null && subtask.isAlive()) {
                return false;
            }
        }
        return true;
    }

    /** Forgets the subtasks, whose threads have gone: any of them may be kept for its result, and hold no other. */
    void forgetAll() {
        for (int i = 0; i < size; i++) {
            forget(subtasks[i]);
            subtasks[i] = null;
        }
        size = 0;
    }

    /** Drops those that have gone, into a new array, since whoever cancels may be reading the old one. */
    private void dropGone() {
        @Nullable
        HasThread[] kept = new @Nullable HasThread[placesNeeded()];
        int end = 0;
        for (HasThread subtask : subtasks) {
            if (hasGone(subtask)) {
                forget(subtask);
            } else {
                kept[end++] = subtask;
            }
        }
        subtasks = kept;
        size = end;
    }

    private int placesNeeded() {
        int running = 0;
        for (HasThread subtask : subtasks) {
            running += hasGone(subtask) ? 0 : 1;
        }
        return running > subtasks.length / 2 ? 2 * subtasks.length : subtasks.length;
    }

    private static boolean hasGone(@Nullable HasThread subtask) {
        return subtask == null || subtask.hasGone();
    }

    private static void forget(@Nullable HasThread subtask) {
        if (subtask != null) {
            subtask.thread = null;
            subtask.refuse();
        }
    }
}
