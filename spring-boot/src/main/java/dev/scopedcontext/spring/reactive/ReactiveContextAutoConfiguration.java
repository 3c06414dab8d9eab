package dev.scopedcontext.spring.reactive;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.HandlerAdapter;

/**
 * Adds the filters that open the scopes of {@link ExchangeScopeOpener} and {@link PrincipalScopeOpener} beans around
 * each exchange.
 */
@AutoConfiguration(after = ExchangeBaggageConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass({DispatcherHandler.class, WebHttpHandlerBuilderCustomizer.class})
@ConditionalOnProperty(name = "scopedcontext.reactive.enabled", matchIfMissing = true)
public final class ReactiveContextAutoConfiguration {

    /** Creates the configuration. */
    public ReactiveContextAutoConfiguration() {
    }

    /** The failures that hooks get although the exchange has completed. */
    @Bean
    ExchangeFailures scopedContextExchangeFailures(Environment environment,
            ObjectProvider<ExchangeFailureCriterion> criteria) {
        return new ExchangeFailures(
                Binder.get(environment).bind("scopedcontext.reactive.mark-failures", Boolean.class).orElse(true),
                criteria.orderedStream().toList());
    }

    /** The filter that opens scopes before Spring Security. */
    @Bean
    ExchangeScopeFilter scopedContextWebFilter(Environment environment, ObjectProvider<ExchangeScopeOpener> openers,
            ObjectProvider<PrincipalScopeOpener> openersAfterSecurity, ExchangeFailures failures) {
        int order = Binder.get(environment).bind("scopedcontext.reactive.order", Integer.class)
                .orElse(Ordered.HIGHEST_PRECEDENCE);
        ExchangeScopes<ExchangeScopeOpener> outer = new ExchangeScopes<>(openers.orderedStream().toList());
        if (!outer.isEmpty() && openersAfterSecurity.stream().findAny().isPresent()) {
            ExchangeScopeFilter.requireNesting(order);
        }
        return ExchangeScopeFilter.beforeSecurity(order, outer, failures);
    }

    /** The filter that opens scopes after Spring Security. */
    @Bean
    ExchangeScopeFilter scopedContextWebFilterAfterSecurity(ObjectProvider<PrincipalScopeOpener> openers,
            ExchangeFailures failures) {
        return ExchangeScopeFilter.afterSecurity(new ExchangeScopes<>(openers.orderedStream().toList()), failures);
    }

    /** The adapter that sees exceptions before handlers turn them into responses. */
    @Bean
    @ConditionalOnProperty(name = "scopedcontext.reactive.mark-failures", matchIfMissing = true)
    FailureRecorder scopedContextFailureRecorder(ObjectProvider<HandlerAdapter> adapters,
            ObjectProvider<ExchangeScopeFilter> filters) {
        return new FailureRecorder(SingletonSupplier.of(
                () -> openScopes(filters) ? adapters.orderedStream().toList() : List.<HandlerAdapter>of()));
    }

    /** Lets the handlers of errors, which are outside of all filters, see the context of the exchange. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebHttpHandlerBuilderCustomizer scopedContextErrorHandlers(ObjectProvider<ExchangeScopeFilter> filters) {
        return builder -> {
            if (openScopes(filters)) {
                builder.exceptionHandlers(handlers -> handlers.replaceAll(ErrorHandlerInContext::new));
            }
        };
    }

    /** Returns whether there are openers. Auto-configurations of others may add them after this one. */
    private static boolean openScopes(ObjectProvider<ExchangeScopeFilter> filters) {
        return filters.stream().anyMatch(ExchangeScopeFilter::opensScopes);
    }
}
