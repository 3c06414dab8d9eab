package dev.scopedcontext.spring.servlet;

import dev.scopedcontext.servlet.RequestFilter;
import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Registers the filters that open the scopes of {@link RequestScopeOpener} beans around each request. */
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
        return RequestFilterRegistration.of("scopedContext", openers(openers, false), settings.order(),
                settings.errorPages());
    }

    /** The filter that opens scopes after Spring Security. */
    @Bean
    FilterRegistrationBean<RequestFilter> scopedContextFilterAfterSecurity(ObjectProvider<RequestScopeOpener> openers,
            RequestFilterSettings settings) {
        return RequestFilterRegistration.of("scopedContextAfterSecurity", openers(openers, true),
                settings.orderAfterSecurity(), settings.errorPages());
    }

    private static List<RequestScopeOpener> openers(ObjectProvider<RequestScopeOpener> all, boolean afterSecurity) {
        return all.orderedStream().filter(opener -> opener.isAfterSecurity() == afterSecurity).toList();
    }
}
