package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.task.TaskScope.Configuration;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a task scope.
 *
 * @param name the name, or null
 * @param threadFactory creates the threads, or null for the default
 * @param timeout the time from opening to cancellation, or null
 * @param deadline the deadline, or null
 * @param maxConcurrency the number of subtasks that may run at once, or zero for no limit
 */
record TaskSettings(@Nullable String name, @Nullable ThreadFactory threadFactory, @Nullable Duration timeout,
        @Nullable Deadline deadline, int maxConcurrency) implements Configuration {

    static final TaskSettings DEFAULT = new TaskSettings(null, null, null, null, 0);

    static TaskSettings of(UnaryOperator<Configuration> configuration) {
        requireNonNull(configuration, "configuration");
        return (TaskSettings) requireNonNull(configuration.apply(DEFAULT), "configuration returned null");
    }

    @Override
    public Configuration withThreadFactory(ThreadFactory threadFactory) {
        requireNonNull(threadFactory, "threadFactory");
        return new TaskSettings(name, threadFactory, timeout, deadline, maxConcurrency);
    }

    @Override
    public Configuration withName(String name) {
        requireNonNull(name, "name");
        return new TaskSettings(name, threadFactory, timeout, deadline, maxConcurrency);
    }

    @Override
    public Configuration withTimeout(Duration timeout) {
        requireNonNull(timeout, "timeout");
        return new TaskSettings(name, threadFactory, timeout, deadline, maxConcurrency);
    }

    @Override
    public Configuration withDeadline(Deadline deadline) {
        requireNonNull(deadline, "deadline");
        return new TaskSettings(name, threadFactory, timeout, deadline, maxConcurrency);
    }

    @Override
    public Configuration withMaxConcurrency(int subtasks) {
        if (subtasks < 1) {
            throw new IllegalArgumentException("subtasks must be at least 1, not " + subtasks);
        }
        return new TaskSettings(name, threadFactory, timeout, deadline, subtasks);
    }

    /**
     * Opens the threads of a scope in the current engine, unless the scope queues threads that the application creates.
     */
    TaskThreads openThreads() {
        Engine engine = isLimited() && threadFactory != null ? Engines.PORTABLE : Engines.current();
        return engine.open(name, threadFactory != null ? threadFactory : SubtaskThreadFactory.of(name));
    }

    boolean isLimited() {
        return maxConcurrency > 0;
    }

    /** Returns the earliest of the current deadline and the configured ones, or never if there is none. */
    Deadline effectiveDeadline() {
        Deadline earliest = Deadline.current();
        if (deadline != null) {
            earliest = Deadline.earliest(earliest, deadline);
        }
        return timeout == null ? earliest : Deadline.earliest(earliest, Deadline.after(timeout));
    }
}
