package dev.scopedcontext.task;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/** The threads of the subtasks of one scope, in an {@link Engine}. */
interface TaskThreads {

    /**
     * Creates the thread of a subtask and starts it if the subtask is admitted. Otherwise the thread may be started as
     * well, and waits for the permit. The owner calls this method.
     */
    void start(ForkedSubtask<?> subtask);

    /** Lets a waiting subtask run. The thread of another subtask, which has ended, calls this method. */
    void resume(ForkedSubtask<?> subtask);

    /** Drops the thread of a subtask unless {@link #close} needs it. That thread calls this method. */
    void end(ForkedSubtask<?> subtask);

    /**
     * Returns true if the end of the last thread wakes the owner. Then the last subtask need not wake it, and the owner
     * parks once, not once for the subtask and again for its thread. The threads of subtasks call this method.
     */
    boolean isOwnerWoken();

    /** Waits until all threads have ended. The owner calls this method, after an interrupt of the subtasks, if any. */
    void close(RunningSubtasks running);

    /** Creates the thread of a subtask with a factory, which the application may have supplied. */
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
