package dev.scopedcontext.spring.task;

import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Hands the context over to tasks: methods with {@code @Async}, {@code Callable} and {@code StreamingResponseBody}
 * results of controllers, and everything else that is submitted to an executor or scheduler of the application. A task
 * runs in the context in which it was submitted or scheduled.
 *
 * <p>This holds for the executors of Spring Boot, and for those that are declared as beans. A {@code TaskDecorator}
 * that is set on an executor is kept, and its result runs in the context. Exceptions are executors with {@link
 * NoHandOff}, and those whose names are listed in {@code scopedcontext.task.exclude}.
 *
 * <p>Methods with {@code @Scheduled} start with an empty context, whatever was bound on the thread that started the
 * application.
 *
 * <p>For an executor that is not a bean, inject the decorator by its name, {@code scopedContextTaskDecorator}. It is
 * not a candidate for injection by type alone, so an application may still inject its own decorator by type.
 *
 * <p>Transactions and persistence contexts are never handed over.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "scopedcontext.task.enabled", matchIfMissing = true)
public final class TaskContextAutoConfiguration {

    /** Created by Spring. */
    TaskContextAutoConfiguration() {
    }

    @Bean
    static ExecutorBeans scopedContextExecutorBeans(ConfigurableListableBeanFactory beans, Environment environment) {
        return new ExecutorBeans(beans, Binder.get(environment)
                .bind("scopedcontext.task.exclude", Bindable.setOf(String.class)).orElse(Set.of()));
    }

    @Bean
    static AsyncMethods scopedContextAsyncMethods(ConfigurableListableBeanFactory beans, ExecutorBeans executors) {
        return new AsyncMethods(beans, executors);
    }

    @Bean(defaultCandidate = false)
    TaskDecorator scopedContextTaskDecorator() {
        return new ContextTaskDecorator(null);
    }

    @Bean
    DeclaredTasks scopedContextDeclaredTasks() {
        return new DeclaredTasks();
    }

    /** For the executor of Spring MVC. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebMvcConfigurer.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class MvcConfiguration {

        @Bean
        static MvcTasks scopedContextMvcTasks(ExecutorBeans executors) {
            return new MvcTasks(executors);
        }
    }
}
