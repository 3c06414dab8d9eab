package dev.scopedcontext.spring.security;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Sets the strategy of {@code SecurityContextHolder} while applications use it. This is done before any other bean is
 * created, since filters retain the strategy that they find.
 */
final class StrategyInstallation implements BeanFactoryPostProcessor, PriorityOrdered, DisposableBean {

    /** The number of applications that use the strategy. Guarded by the class, like the previous strategy. */
    private static int applications;

    private static @Nullable SecurityContextHolderStrategy previous;

    private boolean installed;

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
        installed = true;
        install();
    }

    @Override
    public void destroy() {
        if (installed) {
            uninstall();
        }
    }

    private static synchronized void install() {
        if (applications == 0) {
            previous = SecurityContextHolder.getContextHolderStrategy();
        }
        applications++;
        SecurityContextHolder.setContextHolderStrategy(LocalSecurityContextStrategy.INSTANCE);
    }

    private static synchronized void uninstall() {
        applications--;
        SecurityContextHolderStrategy before = previous;
        if (applications == 0 && before != null) {
            previous = null;
            if (SecurityContextHolder.getContextHolderStrategy() == LocalSecurityContextStrategy.INSTANCE) {
                SecurityContextHolder.setContextHolderStrategy(before);
            }
        }
    }
}
