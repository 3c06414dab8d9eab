package dev.scopedcontext.spring.client;

import dev.scopedcontext.baggage.ContextBaggage;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Sends the values that the {@link ContextBaggage} bean declares with the requests of each {@code RestClient}, {@code
 * RestTemplate} and {@code WebClient} that was built with Spring Boot's builder. If there are several such beans, one
 * must be primary.
 */
@AutoConfiguration
@ConditionalOnSingleCandidate(ContextBaggage.class)
@ConditionalOnProperty(name = "scopedcontext.client.enabled", matchIfMissing = true)
public final class ClientContextAutoConfiguration {

    /** Creates the configuration. */
    public ClientContextAutoConfiguration() {
    }

    @Bean
    BaggageSender scopedContextBaggageSender(ContextBaggage baggage, ObjectProvider<BaggageDestinations> destinations) {
        return new BaggageSender(baggage, destinations.orderedStream().toList());
    }

    /** Injects just before a request is sent, without reading its body into memory, as an interceptor would. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({RestClient.class, RestClientCustomizer.class})
    static class OfRestClient {

        @Bean
        RestClientCustomizer scopedContextRestClientCustomizer(BaggageSender sender) {
            return builder -> builder.defaultRequest(spec -> spec
                    .httpRequest(request -> sender.injectIfSent(request.getURI(), request.getHeaders())));
        }
    }

    /** Injects in an interceptor, since there is no later place. {@code RestTemplate} then reads bodies into memory. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({RestTemplate.class, RestTemplateCustomizer.class})
    static class OfRestTemplate {

        @Bean
        RestTemplateCustomizer scopedContextRestTemplateCustomizer(BaggageSender sender) {
            return template -> template.getInterceptors().add((request, body, execution) -> {
                sender.injectIfSent(request.getURI(), request.getHeaders());
                return execution.execute(request, body);
            });
        }
    }

    /** Injects in a filter, which sees the context of the subscriber. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebClient.class, WebClientCustomizer.class})
    static class OfWebClient {

        @Bean
        WebClientCustomizer scopedContextWebClientCustomizer(BaggageSender sender) {
            return builder -> new BaggageExchangeFilter(sender).addTo(builder);
        }
    }
}
