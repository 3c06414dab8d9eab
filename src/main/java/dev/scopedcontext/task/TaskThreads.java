package dev.scopedcontext.task;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/** The threads of the subtasks of one scope, in an {@link Engine}. */
interface TaskThreads {

    /**
     * Makes the thread of a subtask, which it is given, and starts it if it is admitted. One that is not may be
     * started as well, and waits. Called by the owner.
     */
    void start(ForkedSubtask<?> subtask);

    /** Lets a subtask run that had to wait. Called by the thread of another one, which has ended. */
    void resume(ForkedSubtask<?> subtask);

    /** Lets go of the thread of a subtask, if {@link #close} can do without. Called by that thread. */
    void ended(ForkedSubtask<?> subtask);

    /**
     * Tells whether the owner is woken when the last thread has gone. Then the last subtask need not do it, and the
     * owner parks once, not once for the subtask and once more for its thread. Called by the threads of subtasks.
     */
    boolean isOwnerWoken();

    /** Waits until all threads have gone. Called by the owner, after {@link RunningSubtasks#interruptAll} if ever. */
    void close(RunningSubtasks running);

    /** Makes the thread of a subtask with a factory, which may be the user's. */
    static Thread newThread(ThreadFactory factory, ForkedSubtask<?> subtask) {
        Thread thread = factory.newThread(subtask);
        if (thread == null) {
            throw new RejectedExecutionException("The thread factory " + factory + " returned null: it refuses to make"
                    + " a thread for the subtask");
        }
        if (thread.getState() != Thread.State.NEW) {
            throw new IllegalThreadStateException("The thread factory " + factory + " returned " + thread
                    + ", which was started before. Return a new thread and leave it unstarted: fork() starts it");
        }
        subtask.setThread(thread);
        return thread;
    }
}
