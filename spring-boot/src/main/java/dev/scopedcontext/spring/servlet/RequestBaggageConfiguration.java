package dev.scopedcontext.spring.servlet;

import dev.scopedcontext.baggage.ContextBaggage;
import jakarta.servlet.Filter;
import java.util.Collections;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Binds the values that arrive in the headers of a request, if there is a {@link ContextBaggage} bean. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(Filter.class)
@ConditionalOnProperty(name = "scopedcontext.client.enabled", matchIfMissing = true)
final class RequestBaggageConfiguration {

    /** The outermost scope of each request, inside which the values of the application are bound. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnSingleCandidate(ContextBaggage.class)
    RequestScopeOpener scopedContextBaggageOpener(ContextBaggage baggage) {
        return request -> baggage.extract(name -> Collections.list(request.getHeaders(name)));
    }
}
