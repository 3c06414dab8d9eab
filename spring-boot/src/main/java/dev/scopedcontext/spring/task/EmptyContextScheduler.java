package dev.scopedcontext.spring.task;

import dev.scopedcontext.ContextSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

/**
 * Schedules tasks in the empty context: those that the application declares, such as methods with {@code @Scheduled}.
 * The thread that starts the application schedules them, and its context has nothing to do with them.
 *
 * @param scheduler schedules the tasks
 */
record EmptyContextScheduler(TaskScheduler scheduler) implements TaskScheduler {

    private static final ContextSnapshot EMPTY = ContextSnapshot.empty();

    @Override
    public Clock getClock() {
        return scheduler.getClock();
    }

    @Override
    public @Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
        return EMPTY.<@Nullable ScheduledFuture<?>, RuntimeException>call(() -> scheduler.schedule(task, trigger));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
        return EMPTY.call(() -> scheduler.schedule(task, startTime));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
        return EMPTY.call(() -> scheduler.scheduleAtFixedRate(task, startTime, period));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
        return EMPTY.call(() -> scheduler.scheduleAtFixedRate(task, period));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
        return EMPTY.call(() -> scheduler.scheduleWithFixedDelay(task, startTime, delay));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
        return EMPTY.call(() -> scheduler.scheduleWithFixedDelay(task, delay));
    }
}
