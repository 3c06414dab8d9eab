package dev.scopedcontext.task;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Lets a number of subtasks run at once, and the others wait in line. */
final class Turns {

    /** Guarded by this. */
    private final Deque<ForkedSubtask<?>> waiting = new ArrayDeque<>();
    private int free;

    Turns(int atOnce) {
        this.free = atOnce;
    }

    /** Takes a turn for a subtask, or lines it up and returns false. */
    synchronized boolean take(ForkedSubtask<?> subtask) {
        if (free > 0) {
            free--;
            return true;
        }
        waiting.addLast(subtask);
        return false;
    }

    synchronized boolean isFree() {
        return free > 0;
    }

    /** Takes a subtask, which cannot be started, out of the line. Returns false if it has its turn. */
    synchronized boolean leave(ForkedSubtask<?> subtask) {
        return waiting.removeLastOccurrence(subtask);
    }

    /** Tells whether a thread is that of a subtask in line. */
    synchronized boolean isWaiting(Thread thread) {
        return waiting.stream().anyMatch(subtask -> subtask.thread == thread);
    }

    /** Hands the turn of a subtask that has ended to the first in line, which is returned; or keeps it free. */
    synchronized @Nullable ForkedSubtask<?> pass() {
        ForkedSubtask<?> next = waiting.pollFirst();
        if (next == null) {
            free++;
        }
        return next;
    }
}
