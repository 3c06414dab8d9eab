package dev.scopedcontext.spring.task;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.annotation.AbstractAsyncConfiguration;
import org.springframework.scheduling.annotation.AsyncConfigurer;

/**
 * Makes the executor of methods with {@code @Async} hand context over if it is not a bean: the one that an {@code
 * AsyncConfigurer} returns, and the one that Spring creates if it finds no executor to use. The latter is the case if
 * an application declares an {@code ExecutorService}, and therefore has no {@code applicationTaskExecutor}.
 *
 * <p>Warns if Spring chooses a bean that is excluded.
 */
final class AsyncMethods implements BeanPostProcessor, PriorityOrdered, SmartInitializingSingleton {

    private static final Log LOG = LogFactory.getLog(AsyncMethods.class);

    @SuppressWarnings("rawtypes")
    private static final SpringField<Supplier> EXECUTOR = SpringField.of(AbstractAsyncConfiguration.class, "executor",
            Supplier.class);

    /** The name of the executor that Spring prefers if there are several. */
    private static final String PREFERRED = "taskExecutor";

    private final ConfigurableListableBeanFactory beans;
    private final ExecutorBeans executors;
    private volatile boolean enabled;

    AsyncMethods(ConfigurableListableBeanFactory beans, ExecutorBeans executors) {
        this.beans = beans;
        this.executors = executors;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof AbstractAsyncConfiguration) {
            enabled = true;
            Supplier<?> ofConfigurer = EXECUTOR.get(bean);
            EXECUTOR.set(bean, (Supplier<@Nullable Executor>) () -> executor(ofConfigurer));
        }
        return bean;
    }

    /** Warns of an excluded executor, unless the application or Spring Boot configures another one. */
    @Override
    public void afterSingletonsInstantiated() {
        if (!enabled || beans.getBeanNamesForType(AsyncConfigurer.class, true, false).length > 0) {
            return;
        }
        String name = nameOfExecutor();
        if (name != null && executors.isExcluded(name)) {
            LOG.warn("Methods with @Async run without the context of their caller, since Spring runs them on the bean"
                    + " \"" + name + "\", which is excluded by @NoHandOff or scopedcontext.task.exclude. To run them on"
                    + " the executor of Spring Boot, set spring.task.execution.mode=force");
        }
    }

    /** Returns the name of the bean that Spring chooses, without creating it, or null. */
    private @Nullable String nameOfExecutor() {
        String[] names = beans.getBeanNamesForType(TaskExecutor.class, true, false);
        if (names.length == 1) {
            return names[0];
        }
        for (String name : names) {
            if (beans.containsBeanDefinition(name) && beans.getMergedBeanDefinition(name).isPrimary()) {
                return name;
            }
        }
        return beans.containsBean(PREFERRED) && beans.isTypeMatch(PREFERRED, Executor.class) ? PREFERRED : null;
    }

    /** Returns null to let Spring look for a bean. */
    private @Nullable Executor executor(@Nullable Supplier<?> ofConfigurer) {
        if (ofConfigurer != null && ofConfigurer.get() instanceof Executor executor) {
            return executors.handingOver(executor);
        }
        return findsExecutor() ? null : newThreads();
    }

    private boolean findsExecutor() {
        if (beans.containsBean(PREFERRED) && beans.isTypeMatch(PREFERRED, Executor.class)) {
            return true;
        }
        return beans.getBeanProvider(TaskExecutor.class).getIfUnique() != null;
    }

    private static Executor newThreads() {
        LOG.info("Methods with @Async run on new threads, since there is neither a single TaskExecutor bean nor an"
                + " Executor bean with the name \"" + PREFERRED + "\"");
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
        executor.setTaskDecorator(new ContextTaskDecorator(null));
        return executor;
    }
}
