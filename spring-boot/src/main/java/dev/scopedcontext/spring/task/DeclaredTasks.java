package dev.scopedcontext.spring.task;

import org.springframework.core.Ordered;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/** Schedules the tasks that the application declares in the empty context, whichever scheduler runs them. */
final class DeclaredTasks implements SchedulingConfigurer, Ordered {

    /** Follows the configurers of the application, which may set another scheduler. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        TaskScheduler scheduler = registrar.getScheduler();
        if (scheduler != null) {
            registrar.setTaskScheduler(new EmptyContextScheduler(scheduler));
        }
    }
}
