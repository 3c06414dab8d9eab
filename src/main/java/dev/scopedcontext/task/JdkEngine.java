package dev.scopedcontext.task;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs subtasks in the JDK's {@code StructuredTaskScope}. Only its threads inherit the application's own {@code
 * ScopedValue}s, detect that these are rebound, and appear below the scope in thread dumps.
 *
 * <p>The JDK's scope forks empty tasks, and its threads run our subtasks instead. It is not used for waiting,
 * cancellation or timeouts. However, it wakes its owner when the last thread has ended, so the last subtask need not.
 *
 * <p>The reasons are in {@code docs/decisions/0009-task-scopes.md}.
 */
final class JdkEngine implements Engine {

    /** How long to wait for the wake-up, on first use. */
    private static final long WAKE_UP_LIMIT = TimeUnit.MILLISECONDS.toNanos(100);

    private final boolean wakesOwner;

    /** Forks once to check that the JDK's scope can be called. */
    JdkEngine() {
        this.wakesOwner = wakesOwner();
    }

    /**
     * Returns true if the end of the last thread wakes the owner even outside of the JDK's {@code join}. It does on JDK
     * 25 to 28, but this is not specified. The thread is a platform thread, which needs no carrier: the only carrier
     * may be pinned by the owner while classes are initialized.
     */
    private static boolean wakesOwner() {
        JdkScope scope = new JdkScope("probe", Thread::new);
        try {
            LockSupport.parkNanos(1); // consumes the permit of an earlier unpark
            long begun = System.nanoTime();
            scope.fork();
            LockSupport.parkNanos(WAKE_UP_LIMIT);
            return System.nanoTime() - begun < WAKE_UP_LIMIT && !Thread.currentThread().isInterrupted();
        } finally {
            scope.joinAndClose();
        }
    }

    /**
     * Opens the threads. {@code join} must not wait for a thread that the application created and that outlives its
     * subtask.
     */
    @Override
    public TaskThreads open(@Nullable String name, ThreadFactory factory) {
        return new Threads(name, factory, wakesOwner);
    }

    @Override
    public EngineReport report() {
        return new EngineReport(EngineReport.Kind.JDK, "JDK " + Runtime.version().feature()
                + " has a java.util.concurrent.StructuredTaskScope of a known shape");
    }

    /** The threads of one scope. Also the thread factory of the JDK's scope. */
    private static final class Threads implements TaskThreads, ThreadFactory {

        private final ThreadFactory factory;
        private final boolean isOurs;
        private final JdkScope scope;

        // Written by the owner, and read by the threads of subtasks.
        private volatile boolean ownerIsWoken;

        // Written and read by the owner: whether anything was forked, the subtask being forked, its thread, and how
        // many forks a stack overflow has ended.
        private boolean forked;
        private @Nullable ForkedSubtask<?> starting;
        private @Nullable Thread created;
        private int overflows;

        @SuppressWarnings("this-escape")
        Threads(@Nullable String name, ThreadFactory factory, boolean wakesOwner) {
            this.factory = factory;
            this.isOurs = SubtaskThreadFactory.isOurs(factory);
            this.ownerIsWoken = wakesOwner && isOurs;
            this.scope = new JdkScope(name, this);
        }

        /** Creates the thread of the subtask that is being forked, which it runs instead of the JDK's task. */
        @Override
        public Thread newThread(Runnable unused) {
            ForkedSubtask<?> subtask = starting;
            Thread thread = subtask == null ? new Thread(JdkScope::doNothing) : TaskThreads.newThread(factory, subtask);
            created = thread;
            return thread;
        }

        @Override
        public void start(ForkedSubtask<?> subtask) {
            ForkedSubtask<?> around = starting; // a thread factory may fork
            starting = subtask;
            try {
                scope.fork();
            } catch (StackOverflowError overflow) {
                overflows++;
                ownerIsWoken = false; // the JDK may wait for a thread that never ends
                throw overflow;
            } finally {
                starting = around;
            }
            forked = true;
            ensureStarted(subtask);
        }

        /** Checks the start: the fork of a scope that the JDK itself has closed does nothing, without an exception. */
        private void ensureStarted(ForkedSubtask<?> subtask) {
            Thread thread = created;
            created = null;
            if (thread == null || !wasStarted(thread, subtask)) {
                throw new StructureViolationException("The JDK's StructuredTaskScope that runs the subtasks was closed,"
                        + " since a ScopedValue that was bound when it was opened is no longer bound: fork and close"
                        + " where it is bound", null);
            }
        }

        /**
         * Returns true if a thread was started. Otherwise a platform thread is still new, and a virtual thread has
         * terminated. A virtual thread that has run its subtask has also terminated, but the subtask has dropped it. A
         * thread that the application created may end without running its subtask.
         */
        private boolean wasStarted(Thread thread, ForkedSubtask<?> subtask) {
            Thread.State state = thread.getState();
            boolean endedUnused = state == Thread.State.TERMINATED && subtask.thread != null;
            return state != Thread.State.NEW && !(endedUnused && isOurs);
        }

        /** Keeps a thread that the application created, since it may outlive its subtask. */
        @Override
        public void end(ForkedSubtask<?> subtask) {
            if (isOurs) {
                subtask.thread = null;
            }
        }

        /** Wakes the thread, which was started and waits for the permit. */
        @Override
        public void resume(ForkedSubtask<?> subtask) {
            LockSupport.unpark(subtask.thread);
        }

        @Override
        public boolean isOwnerWoken() {
            return ownerIsWoken;
        }

        /**
         * Waits for the subtasks first. An interrupt of the owner in the JDK's {@code join} would cancel the JDK's
         * scope, which would interrupt subtasks during their clean-up.
         */
        @Override
        public void close(RunningSubtasks running) {
            if (isOurs) {
                running.awaitEnds();
            } else {
                running.awaitThreads();
            }
            subtractOverflows();
            if (forked) {
                scope.joinAndClose();
            } else {
                scope.close();
            }
        }

        /**
         * Lets the JDK's scope end although a fork has overflowed the stack. The JDK counts a thread before it starts
         * it. If the start overflows, and uncounting the thread as well, the JDK waits for a thread that never runs.
         *
         * <p>A thread of the scope that the JDK does not count is subtracted when it ends. If the overflow had changed
         * no count, the count becomes negative, which does no harm: all subtasks have ended, and the JDK waits as long
         * as the count is positive.
         */
        private void subtractOverflows() {
            for (; overflows > 0; overflows--) {
                scope.addUnstarted();
                Thread thread = created;
                created = null;
                if (thread != null && thread.getState() == Thread.State.NEW) {
                    thread.start();
                }
            }
        }
    }
}
