package dev.scopedcontext.executor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A scheduled executor service that passes wrapped tasks to the original. Each run of a periodic task is a scope. */
final class ContextScheduledExecutorService extends ContextExecutorService<ScheduledExecutorService>
        implements
            ScheduledExecutorService {

    private ContextScheduledExecutorService(ScheduledExecutorService executor, @Nullable ContextSnapshot fixed) {
        super(executor, fixed);
    }

    static ScheduledExecutorService of(ScheduledExecutorService executor, @Nullable ContextSnapshot fixed) {
        if (executor instanceof ContextScheduledExecutorService ours) {
            return ours.fixed == fixed ? ours : new ContextScheduledExecutorService(ours.executor, fixed);
        }
        return new ContextScheduledExecutorService(executor, fixed);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        requireNonNull(command, "command");
        return executor.schedule(context().wrap(command), delay, requireNonNull(unit, "unit"));
    }

    @Override
    public <V extends @Nullable Object> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        requireNonNull(callable, "callable");
        return executor.schedule(context().wrap(callable), delay, requireNonNull(unit, "unit"));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        requireNonNull(command, "command");
        return executor.scheduleAtFixedRate(Tasks.periodic(context(), command), initialDelay, period,
                requireNonNull(unit, "unit"));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        requireNonNull(command, "command");
        return executor.scheduleWithFixedDelay(Tasks.periodic(context(), command), initialDelay, delay,
                requireNonNull(unit, "unit"));
    }
}
