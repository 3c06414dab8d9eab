package dev.scopedcontext.spring.servlet;

import dev.scopedcontext.servlet.RequestFilter;
import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Registers the filters that open the scopes of {@link RequestScopeOpener} beans around each request, and a resolver
 * that tells their hooks of exceptions that were turned into responses.
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnProperty(name = "scopedcontext.servlet.enabled", matchIfMissing = true)
public final class ServletContextAutoConfiguration {

    /** Creates the configuration. */
    public ServletContextAutoConfiguration() {
    }

    @Bean
    RequestFilterSettings scopedContextRequestFilterSettings(Environment environment) {
        return RequestFilterSettings.of(environment);
    }

    /** The filter that opens scopes before Spring Security. */
    @Bean
    FilterRegistrationBean<RequestFilter> scopedContextFilter(ObjectProvider<RequestScopeOpener> openers,
            RequestFilterSettings settings) {
        List<RequestScopeOpener> outer = openers(openers, false);
        if (!outer.isEmpty() && !openers(openers, true).isEmpty()) {
            settings.requireNesting();
        }
        return RequestFilterRegistration.of("scopedContext", outer, settings.order(), settings.errorPages());
    }

    /** The filter that opens scopes after Spring Security. */
    @Bean
    FilterRegistrationBean<RequestFilter> scopedContextFilterAfterSecurity(ObjectProvider<RequestScopeOpener> openers,
            RequestFilterSettings settings) {
        return RequestFilterRegistration.of("scopedContextAfterSecurity", openers(openers, true),
                settings.orderAfterSecurity(), settings.errorPages());
    }

    /** Warns about filters of the application that do not see all dispatches. */
    @Bean
    static PlainFilterCheck scopedContextPlainFilterCheck(ListableBeanFactory beans) {
        return new PlainFilterCheck(beans);
    }

    private static List<RequestScopeOpener> openers(ObjectProvider<RequestScopeOpener> all, boolean afterSecurity) {
        return all.orderedStream().filter(opener -> opener.isAfterSecurity() == afterSecurity).toList();
    }

    /** Tells hooks of exceptions that Spring MVC turns into responses. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HandlerExceptionResolver.class)
    @ConditionalOnProperty(name = "scopedcontext.servlet.mark-failures", matchIfMissing = true)
    static final class FailureMarking {

        @Bean
        FailureMarker scopedContextFailureMarker(ObjectProvider<FailureCriterion> criteria) {
            return new FailureMarker(criteria.orderedStream().toList());
        }

        @Bean
        FilterRegistrationBean<OuterFailureFilter> scopedContextOuterFailureFilter(
                ObjectProvider<RequestScopeOpener> openers, RequestFilterSettings settings) {
            return OuterFailureRegistration.of(settings.orderInside(), !openers(openers, true).isEmpty());
        }
    }
}
