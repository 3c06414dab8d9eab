package dev.scopedcontext.task;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Runs subtasks on plain threads, on a JDK of any version. */
final class PortableEngine implements Engine {

    private final EngineReport report;

    PortableEngine(String reason) {
        this.report = new EngineReport(EngineReport.Kind.PORTABLE, reason);
    }

    @Override
    public TaskThreads open(@Nullable String name, ThreadFactory factory) {
        return new Threads(factory);
    }

    @Override
    public EngineReport report() {
        return report;
    }

    /**
     * The threads of one scope.
     *
     * @param factory creates the threads
     */
    private record Threads(ThreadFactory factory) implements TaskThreads {

        @Override
        public void start(ForkedSubtask<?> subtask) {
            Thread thread = TaskThreads.newThread(factory, subtask);
            if (subtask.claimStart()) {
                thread.start();
            }
        }

        @Override
        public void resume(ForkedSubtask<?> subtask) {
            Thread thread = subtask.thread;
            if (thread != null && subtask.claimStart()) {
                thread.start();
            }
        }

        /** Keeps the thread, to wait for its end. */
        @Override
        public void end(ForkedSubtask<?> subtask) {
        }

        @Override
        public boolean isOwnerWoken() {
            return false;
        }

        /**
         * Waits for the threads in the order of forking. A queued subtask is started by the thread of one that was
         * forked before it. When that thread has ended, the queued subtask has been started or never will be.
         */
        @Override
        public void close(RunningSubtasks running) {
            running.awaitThreads();
        }
    }
}
