package dev.scopedcontext.spring.task;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.annotation.AbstractAsyncConfiguration;

/**
 * Makes the executor of methods with {@code @Async} hand context over if it is not a bean: the one that an {@code
 * AsyncConfigurer} returns, and the one that Spring creates if it finds no executor to use. The latter is the case if
 * an application declares an {@code ExecutorService}, and therefore has no {@code applicationTaskExecutor}.
 */
final class AsyncMethods implements BeanPostProcessor, PriorityOrdered {

    private static final Log LOG = LogFactory.getLog(AsyncMethods.class);

    @SuppressWarnings("rawtypes")
    private static final SpringField<Supplier> EXECUTOR = SpringField.of(AbstractAsyncConfiguration.class, "executor",
            Supplier.class);

    /** The name of the executor that Spring prefers if there are several. */
    private static final String PREFERRED = "taskExecutor";

    private final BeanFactory beans;
    private final ExecutorBeans executors;

    AsyncMethods(BeanFactory beans, ExecutorBeans executors) {
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
            Supplier<?> ofConfigurer = EXECUTOR.get(bean);
            EXECUTOR.set(bean, (Supplier<@Nullable Executor>) () -> executor(ofConfigurer));
        }
        return bean;
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
