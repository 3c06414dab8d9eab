package dev.scopedcontext.spring.task;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.util.ReflectionUtils;

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

    /** Reads the decorator of the application, for which Spring has no getter. */
    private static @Nullable TaskDecorator decoratorOf(Object executor, Class<?> declaring) {
        Field field = ReflectionUtils.findField(declaring, "taskDecorator", TaskDecorator.class);
        if (field == null) {
            throw new IllegalStateException(declaring.getName()
                    + " has no field \"taskDecorator\" in this version of Spring,"
                    + " so the decorator that is set there cannot be kept. Set scopedcontext.task.enabled=false, and"
                    + " wrap executors with ContextExecutors.propagating");
        }
        ReflectionUtils.makeAccessible(field);
        return (TaskDecorator) ReflectionUtils.getField(field, executor);
    }
}
