package dev.scopedcontext.spring.task;

import dev.scopedcontext.executor.ContextExecutors;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.ClassUtils;

/**
 * Makes the executors and schedulers of an application hand context over. The object that the application created still
 * does the work, and Spring shuts it down.
 *
 * <ul>
 * <li>An executor that has a {@code TaskDecorator} gets one.
 * <li>An executor of the JDK that is declared by an interface is replaced with a propagating one.
 * <li>Any other one is replaced with a proxy. It has all interfaces of the executor, and extends the declared class.
 * </ul>
 */
final class ExecutorBeans implements BeanPostProcessor, PriorityOrdered, SmartInitializingSingleton {

    private static final Log LOG = LogFactory.getLog(ExecutorBeans.class);

    private final ConfigurableListableBeanFactory beans;
    private final Set<String> excluded;
    private final Set<Object> unchanged = Collections
            .newSetFromMap(Collections.synchronizedMap(new IdentityHashMap<>()));

    ExecutorBeans(ConfigurableListableBeanFactory beans, Set<String> excluded) {
        this.beans = beans;
        this.excluded = excluded;
    }

    /** Precedes post-processors that create beans, so that it sees the executors that they need. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (!(bean instanceof Executor || bean instanceof TaskScheduler) || needsNoChange(bean)) {
            return bean;
        }
        if (isExcluded(name)) {
            if (beans.containsBean(name) && beans.isSingleton(name)) {
                unchanged.add(bean);
            }
            return bean;
        }
        if (DecoratingExecutors.decorate(bean)) {
            return bean;
        }
        Class<?> type = declaredType(bean, name);
        if (bean instanceof Executor executor && bean.getClass().getPackageName().equals("java.util.concurrent")) {
            Executor propagating = propagating(executor);
            return type.isInstance(propagating) ? propagating : proxy(bean, name, type);
        }
        return proxy(bean, name, type);
    }

    /** Tells the user of listed names that have no effect. */
    @Override
    public void afterSingletonsInstantiated() {
        for (String name : excluded) {
            if (!mayBeExecutor(name)) {
                LOG.warn("The property scopedcontext.task.exclude lists \"" + name + "\", but no executor or scheduler"
                        + " bean has this name");
            }
        }
    }

    private boolean mayBeExecutor(String name) {
        if (!beans.containsBean(name)) {
            return false;
        }
        Class<?> type = beans.getType(name, false);
        return type == null || Executor.class.isAssignableFrom(type) || TaskScheduler.class.isAssignableFrom(type);
    }

    /** Returns an executor that hands context over, for one that may be a bean, unless it is to be left unchanged. */
    Executor handingOver(Executor executor) {
        return unchanged.contains(executor) || needsNoChange(executor) || DecoratingExecutors.decorate(executor)
                ? executor
                : propagating(executor);
    }

    /**
     * Returns whether the executor needs no change: it is one of this library, runs tasks on the calling thread, or
     * passes all calls to a bean of a shorter scope, which is changed itself.
     */
    private static boolean needsNoChange(Object bean) {
        return bean.getClass().getPackageName().equals(ContextExecutors.class.getPackageName())
                || ExecutorProxy.isProxy(bean)
                || bean instanceof ScopedObject
                || bean instanceof SyncTaskExecutor;
    }

    private boolean isExcluded(String name) {
        if (isListed(ScopedProxyUtils.isScopedTarget(name) ? ScopedProxyUtils.getOriginalBeanName(name) : name)) {
            return true;
        }
        return beans.containsBean(name) && beans.findAnnotationOnBean(name, NoHandOff.class, false) != null;
    }

    private boolean isListed(String name) {
        return excluded.contains(name) || Arrays.stream(beans.getAliases(name)).anyMatch(excluded::contains);
    }

    /** Returns the type by which other beans may ask for the bean. */
    private Class<?> declaredType(Object bean, String name) {
        Class<?> declared = null;
        if (beans.containsBeanDefinition(name)) {
            declared = beans.getMergedBeanDefinition(name).getResolvableType().resolve();
        }
        if (declared != null && FactoryBean.class.isAssignableFrom(declared)) {
            declared = beans.getType(name, false);
        }
        return declared != null && declared.isInstance(bean) ? declared : ClassUtils.getUserClass(bean);
    }

    private static Executor propagating(Executor executor) {
        if (executor instanceof ScheduledExecutorService scheduled) {
            return ContextExecutors.propagating(scheduled);
        }
        return executor instanceof ExecutorService service
                ? ContextExecutors.propagating(service)
                : ContextExecutors.propagating(executor);
    }

    private Object proxy(Object bean, String name, Class<?> type) {
        Object proxy = ExecutorProxy.of(bean, type, beans.getBeanClassLoader());
        if (proxy == null) {
            LOG.warn("The bean \"" + name + "\" does not hand context over to its tasks, since it is declared as "
                    + type.getName() + ", of which there can be no proxy. Declare it by an interface, such as"
                    + " ExecutorService, or annotate it with @NoHandOff");
            return bean;
        }
        return proxy;
    }
}
