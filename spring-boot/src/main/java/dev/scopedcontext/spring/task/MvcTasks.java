package dev.scopedcontext.spring.task;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.support.TaskExecutorAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Makes the executor of Spring MVC hand context over if it is not a bean. Spring MVC creates one if there is no {@code
 * applicationTaskExecutor}, as in an application that declares an executor of its own.
 */
final class MvcTasks implements BeanPostProcessor {

    private static final SpringField<AsyncTaskExecutor> EXECUTOR = SpringField.of(RequestMappingHandlerAdapter.class,
            "taskExecutor", AsyncTaskExecutor.class);

    private final ExecutorBeans executors;

    MvcTasks(ExecutorBeans executors) {
        this.executors = executors;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof RequestMappingHandlerAdapter adapter) {
            handOver(adapter, EXECUTOR.get(adapter));
        }
        return bean;
    }

    private void handOver(RequestMappingHandlerAdapter adapter, @Nullable AsyncTaskExecutor executor) {
        Executor handingOver = executor == null ? null : executors.handingOver(executor);
        if (handingOver != null && handingOver != executor) {
            adapter.setTaskExecutor(new TaskExecutorAdapter(handingOver));
        }
    }
}
