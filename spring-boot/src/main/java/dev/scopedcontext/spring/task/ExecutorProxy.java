package dev.scopedcontext.spring.task;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.SingletonTargetSource;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.util.ClassUtils;

/**
 * A proxy of an executor that can be injected wherever the executor can be injected. It wraps the tasks, and passes all
 * calls to the executor.
 *
 * <p>A proxy of a class extends it. Generated code cannot extend a class of the JDK, which may only be extended by code
 * that is compiled. The proxy therefore extends a compiled subclass.
 */
final class ExecutorProxy {

    private ExecutorProxy() {
    }

    /** Returns the proxy, or null if it cannot be of the given type. */
    static @Nullable Object of(Object executor, Class<?> type, @Nullable ClassLoader loader) {
        ProxyFactory factory = new ProxyFactory();
        factory.setInterfaces(ClassUtils.getAllInterfacesForClass(executor.getClass()));
        Class<?> superclass = superclass(executor.getClass(), type);
        if (superclass == null && !type.isInterface()) {
            return null;
        }
        factory.setProxyTargetClass(superclass != null);
        factory.setTargetSource(new SingletonTargetSource(executor) {
            @Override
            public Class<?> getTargetClass() {
                return superclass != null ? superclass : super.getTargetClass();
            }
        });
        factory.addAdvice(new SubmittingMethods());
        return factory.getProxy(loader);
    }

    static boolean isProxy(Object executor) {
        return executor instanceof Advised advised && Arrays.stream(advised.getAdvisors())
                .anyMatch(advisor -> advisor.getAdvice() instanceof SubmittingMethods);
    }

    /** Returns the most specific class that a proxy can extend and that is of the given type, or null. */
    private static @Nullable Class<?> superclass(Class<?> ofExecutor, Class<?> type) {
        for (Class<?> each = ofExecutor; each != null && type.isAssignableFrom(each); each = each.getSuperclass()) {
            if (each == ScheduledThreadPoolExecutor.class) {
                return ScheduledPool.class;
            }
            if (each == ThreadPoolExecutor.class) {
                return Pool.class;
            }
            if (each == ForkJoinPool.class) {
                return ForkingPool.class;
            }
            if (each != Object.class && !each.isHidden() && !Modifier.isFinal(each.getModifiers()) && !each.isSealed()
                    && !each.getName().startsWith("java.") && !hasFinalMethod(each)) {
                return each;
            }
        }
        return null;
    }

    /**
     * Returns whether a call of the proxy may run a method on the proxy itself, which has no state. The scheduler of
     * Spring inherits final getters that only tell its settings, and has no interface that declares all its methods.
     */
    private static boolean hasFinalMethod(Class<?> superclass) {
        return Arrays.stream(superclass.getMethods())
                .anyMatch(method -> !method.getDeclaringClass().isAssignableFrom(SimpleAsyncTaskScheduler.class)
                        && Modifier.isFinal(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()));
    }

    /** Never constructed: its proxies are created without calling a constructor. */
    static class Pool extends ThreadPoolExecutor {

        Pool() {
            super(0, 1, 0, null, null);
        }
    }

    /** Never constructed. */
    static class ScheduledPool extends ScheduledThreadPoolExecutor {

        ScheduledPool() {
            super(0);
        }
    }

    /** Never constructed. */
    static class ForkingPool extends ForkJoinPool {

        ForkingPool() {
        }
    }
}
