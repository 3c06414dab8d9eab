package dev.scopedcontext.spring.task;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.executor.ContextExecutors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Sets the decorator of executors that have one, around the decorator of the application. The executor remains the same
 * object.
 *
 * <p>A scheduler of Spring decorates a task each time it is due, on a thread of its own, or captures again for each
 * repetition. It is therefore not among these executors, except {@code ConcurrentTaskScheduler}, which decorates each
 * task once, when it is scheduled.
 */
final class DecoratingExecutors {

    private DecoratingExecutors() {
    }

    /** Returns whether the executor has a decorator, which is set if it hands no context over yet. */
    static boolean decorate(Object executor) {
        if (executor instanceof ThreadPoolTaskExecutor pool) {
            pool.setTaskDecorator(around(decoratorOf(executor, ThreadPoolTaskExecutor.class)));
        } else if (executor instanceof SimpleAsyncTaskExecutor simple && !(executor instanceof TaskScheduler)) {
            simple.setTaskDecorator(around(decoratorOf(executor, SimpleAsyncTaskExecutor.class)));
        } else if (executor instanceof ConcurrentTaskExecutor concurrent) {
            concurrent.setTaskDecorator(around(decoratorOf(executor, ConcurrentTaskExecutor.class)));
            if (executor instanceof ConcurrentTaskScheduler scheduler) {
                leaveHandOffToDecorator(scheduler);
            }
        } else if (executor instanceof TaskExecutorAdapter adapter) {
            adapter.setTaskDecorator(around(decoratorOf(executor, TaskExecutorAdapter.class)));
        } else {
            return false;
        }
        return true;
    }

    private static TaskDecorator around(@Nullable TaskDecorator inner) {
        return inner instanceof ContextTaskDecorator ? inner : new ContextTaskDecorator(inner);
    }

    /** Reads the decorator of the application. */
    private static @Nullable TaskDecorator decoratorOf(Object executor, Class<?> declaring) {
        return SpringField.of(declaring, "taskDecorator", TaskDecorator.class).get(executor);
    }

    /**
     * Makes an executor that hands context over as well hand over the empty one. For a trigger, the scheduler passes
     * each repetition to its executor, which cannot tell that the task is decorated.
     */
    private static void leaveHandOffToDecorator(ConcurrentTaskScheduler scheduler) {
        ScheduledExecutorService executor = SpringField
                .of(ConcurrentTaskScheduler.class, "scheduledExecutor", ScheduledExecutorService.class).get(scheduler);
        if (executor != null && ContextExecutors.propagating(executor) == executor) {
            scheduler.setScheduledExecutor(ContextExecutors.fixed(executor, ContextSnapshot.empty()));
        }
    }
}
