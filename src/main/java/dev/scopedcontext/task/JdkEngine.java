package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs subtasks in the JDK's {@code StructuredTaskScope}, for what only that can give: threads that inherit the
 * user's own {@code ScopedValue}s, a check that these are not bound anew, and a place in thread dumps.
 *
 * <p>What the JDK's scope forks is nothing: it is wanted for its threads, which run our subtasks instead. Waiting,
 * cancelling and time-outs are not asked of it. But that it wakes its owner in the end is made use of.
 */
final class JdkEngine implements Engine {

    /** How long to wait for a wake-up that does not come, at first use of a JDK where it does not. */
    private static final long IN_VAIN = TimeUnit.MILLISECONDS.toNanos(100);

    private final boolean wakesOwner;

    /** Forks to see that it can be done: what is found may still refuse to be called. */
    JdkEngine() {
        this.wakesOwner = wakesOwner();
    }

    /**
     * Tells whether the end of the last thread wakes the owner even if that is not in the JDK's {@code join}. It does
     * on JDK 25 to 28, but nothing promises it. The thread is a platform thread, which needs no carrier: the only one
     * may be that of the owner, which holds it while classes are initialized.
     */
    private static boolean wakesOwner() {
        JdkScope scope = new JdkScope("probe", Thread::new);
        try {
            LockSupport.parkNanos(1); // which takes what another unpark has left
            long begun = System.nanoTime();
            scope.fork();
            LockSupport.parkNanos(IN_VAIN);
            return System.nanoTime() - begun < IN_VAIN && !Thread.currentThread().isInterrupted();
        } finally {
            scope.joinAndClose();
        }
    }

    /** The threads of a user may go on after their subtasks, for which the owner is not to wait in {@code join}. */
    @Override
    public TaskThreads open(@Nullable String name, ThreadFactory factory) {
        return new Threads(name, factory, wakesOwner);
    }

    @Override
    public EngineReport report() {
        return new EngineReport(EngineReport.Kind.JDK, "JDK " + Runtime.version().feature()
                + " has a java.util.concurrent.StructuredTaskScope of a known shape");
    }

    /** The threads of one scope. It is itself the factory of the JDK's scope. */
    private static final class Threads implements TaskThreads, ThreadFactory {

        private final ThreadFactory factory;
        private final boolean isOurs;
        private final boolean ownerIsWoken;
        private final JdkScope scope;

        /** The owner's alone: whether anything was forked, and what is being forked. */
        private boolean forked;
        private @Nullable ForkedSubtask<?> starting;
        private @Nullable Thread made;

        @SuppressWarnings("this-escape")
        Threads(@Nullable String name, ThreadFactory factory, boolean wakesOwner) {
            this.factory = factory;
            this.isOurs = SubtaskThreadFactory.isOurs(factory);
            this.ownerIsWoken = wakesOwner && isOurs;
            this.scope = new JdkScope(name, this);
        }

        /** Makes the thread of the subtask that is being forked: it runs that, and not what the JDK has for it. */
        @Override
        public Thread newThread(Runnable unused) {
            ForkedSubtask<?> subtask = requireNonNull(starting);
            Thread thread = TaskThreads.newThread(factory, subtask);
            made = thread;
            return thread;
        }

        @Override
        public void start(ForkedSubtask<?> subtask) {
            ForkedSubtask<?> around = starting; // a thread factory may fork
            starting = subtask;
            try {
                scope.fork();
            } finally {
                starting = around;
            }
            forked = true;
            ensureStarted(subtask);
        }

        /** Checks that it was: the JDK's fork does nothing, and says nothing, in a scope that it has closed itself. */
        private void ensureStarted(ForkedSubtask<?> subtask) {
            Thread thread = made;
            made = null;
            if (thread == null || !wasStarted(thread, subtask)) {
                throw new StructureViolationException("The JDK's StructuredTaskScope that runs the subtasks was closed,"
                        + " since a ScopedValue that was bound when it was opened is bound no more: fork and close"
                        + " where it is bound", null);
            }
        }

        /**
         * Tells whether a thread was started. A platform thread that was not is still new. A virtual one has
         * terminated, as it has after its subtask, which lets go of it first. Threads of the user may end without.
         */
        private boolean wasStarted(Thread thread, ForkedSubtask<?> subtask) {
            Thread.State state = thread.getState();
            boolean endedUnused = state == Thread.State.TERMINATED && subtask.thread != null;
            return state != Thread.State.NEW && !(endedUnused && isOurs);
        }

        /** Keeps a thread of the user, which may go on after its subtask. */
        @Override
        public void end(ForkedSubtask<?> subtask) {
            if (isOurs) {
                subtask.thread = null;
            }
        }

        /** Has the thread go on, which was started and waits. */
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
         * scope, and so interrupt the subtasks, which may be in their clean-up.
         */
        @Override
        public void close(RunningSubtasks running) {
            if (isOurs) {
                running.awaitEnds();
            } else {
                running.awaitThreads();
            }
            if (forked) {
                scope.joinAndClose();
            } else {
                scope.close();
            }
        }
    }
}
