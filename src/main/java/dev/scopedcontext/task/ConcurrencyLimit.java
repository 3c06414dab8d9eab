package dev.scopedcontext.task;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The number of subtasks that may run at once, as permits, and the queue of those that wait for one. */
final class ConcurrencyLimit {

    // Guarded by this.
    private final Deque<ForkedSubtask<?>> queue = new ArrayDeque<>();
    private int permits;

    ConcurrencyLimit(int permits) {
        this.permits = permits;
    }

    /** Takes a permit for a subtask, or adds it to the queue and returns false. */
    synchronized boolean acquireOrEnqueue(ForkedSubtask<?> subtask) {
        if (permits > 0) {
            permits--;
            return true;
        }
        queue.addLast(subtask);
        return false;
    }

    synchronized boolean hasPermit() {
        return permits > 0;
    }

    /** Removes a subtask that cannot be started from the queue. Returns false if it has a permit. */
    synchronized boolean removeFromQueue(ForkedSubtask<?> subtask) {
        return queue.removeLastOccurrence(subtask);
    }

    /** Returns true if a subtask in the queue has the given thread. */
    synchronized boolean isQueued(Thread thread) {
        return queue.stream().anyMatch(subtask -> subtask.thread == thread);
    }

    /** Passes the permit of a subtask that has ended to the first one in the queue, and returns the latter, if any. */
    synchronized @Nullable ForkedSubtask<?> release() {
        ForkedSubtask<?> next = queue.pollFirst();
        if (next == null) {
            permits++;
        }
        return next;
    }
}
