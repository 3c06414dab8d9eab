package dev.scopedcontext.spring.task;

import java.lang.reflect.Field;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Decorates the executor of Spring MVC if it is not a bean. Spring MVC creates one if there is no {@code
 * applicationTaskExecutor}, as in an application that declares an executor of its own.
 */
final class MvcTasks implements BeanPostProcessor {

    private final ExecutorBeans executors;

    MvcTasks(ExecutorBeans executors) {
        this.executors = executors;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof RequestMappingHandlerAdapter adapter) {
            Field field = ReflectionUtils.findField(RequestMappingHandlerAdapter.class, "taskExecutor",
                    AsyncTaskExecutor.class);
            if (field != null) {
                ReflectionUtils.makeAccessible(field);
                executors.decorate(ReflectionUtils.getField(field, adapter));
            }
        }
        return bean;
    }
}
