package dev.scopedcontext.spring.security;

import dev.scopedcontext.servlet.RequestFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Lets Spring Security keep the security context in the context of this library, if the property {@code
 * scopedcontext.security.enabled} is true. The {@code SecurityContextHolder} then works in subtasks and in all tasks to
 * which the context is handed over. Each of them has a security context of its own, with the authentication of its
 * caller. At the end of a request, nothing is left on its thread, even if a filter forgets to clear the context.
 *
 * <p>A scope is opened around each web request, outside of all other filters. Use {@link SecurityScope} elsewhere:
 * outside of any scope, the security context is kept by the strategy that the {@code SecurityContextHolder} had before,
 * usually by its thread.
 *
 * <p>The strategy is a bean, and that of the static {@code SecurityContextHolder} until the application is closed.
 * Other applications in the same JVM, which do not set the property, keep their users. If the application declares a
 * {@code SecurityContextHolderStrategy} itself, this configuration has no effect.
 */
@AutoConfiguration(beforeName = "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration")
@ConditionalOnClass(SecurityContextHolderStrategy.class)
@ConditionalOnProperty(name = "scopedcontext.security.enabled", havingValue = "true")
// Ignored is the strategy of a parent context.
@ConditionalOnMissingBean(value = SecurityContextHolderStrategy.class, ignored = LocalSecurityContextStrategy.class)
public final class SecurityContextAutoConfiguration {

    SecurityContextAutoConfiguration() {
    }

    @Bean
    static BeanFactoryPostProcessor securityContextStrategyInstallation() {
        return new StrategyInstallation();
    }

    @Bean
    static LocalSecurityContextStrategy securityContextHolderStrategy() {
        return LocalSecurityContextStrategy.INSTANCE;
    }

    /** Opens the scope in which a request hands its security context over. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(Filter.class)
    static final class Requests {

        @Bean
        FilterRegistrationBean<RequestFilter> securityContextScope() {
            FilterRegistrationBean<RequestFilter> registration = new FilterRegistrationBean<>(
                    RequestFilter.entering(request -> LocalSecurityContextStrategy.SCOPE)
                            .openingFor(DispatcherType.ERROR)); // Spring Security sets a context for error pages too
            registration.setName("securityContextScope");
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
            registration.setAsyncSupported(true);
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }
    }
}
