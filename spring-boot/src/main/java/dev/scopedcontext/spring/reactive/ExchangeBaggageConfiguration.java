package dev.scopedcontext.spring.reactive;

import dev.scopedcontext.baggage.ContextBaggage;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.WebFilter;

/** Binds the values that arrive in the headers of an exchange, if there is a {@link ContextBaggage} bean. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(WebFilter.class)
@ConditionalOnProperty(name = "scopedcontext.client.enabled", matchIfMissing = true)
final class ExchangeBaggageConfiguration {

    /** The outermost scope of each exchange, inside which the values of the application are bound. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnSingleCandidate(ContextBaggage.class)
    ExchangeScopeOpener scopedContextBaggageOpener(ContextBaggage baggage) {
        return exchange -> baggage.extract(exchange.getRequest().getHeaders()::get);
    }
}
