package dev.scopedcontext.spring.client;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.reactor.ReactorContexts;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Injects baggage into the requests of a {@code WebClient}. The values are those of the subscriber, in the context of
 * Reactor. If it has none, they are those of the code that created the request: the subscription may take place on any
 * thread, for example in a retry.
 */
final class BaggageExchangeFilter implements ExchangeFilterFunction {

    /** The attribute of a request that holds the context of the code that created it. */
    private static final String CREATOR = BaggageExchangeFilter.class.getName() + ".creator";

    private final BaggageSender sender;

    BaggageExchangeFilter(BaggageSender sender) {
        this.sender = sender;
    }

    void addTo(WebClient.Builder builder) {
        builder.defaultRequest(request -> request.attribute(CREATOR, ScopedContext.capture())).filter(this);
    }

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        return sender.sendsTo(request.url())
                ? Mono.deferContextual(context -> next.exchange(injected(request, context)))
                : next.exchange(request);
    }

    private ClientRequest injected(ClientRequest request, ContextView context) {
        ContextSnapshot values = ReactorContexts.find(context)
                .or(() -> request.attribute(CREATOR).map(ContextSnapshot.class::cast))
                .orElseGet(ScopedContext::capture);
        return values.call(() -> ClientRequest.from(request).headers(sender::inject).build());
    }
}
