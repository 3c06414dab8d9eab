package dev.scopedcontext.spring.reactive;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.reactor.ReactorContexts;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * Handles the errors of exchanges, outside of all filters, in the context of the scope that has ended. Its values are
 * then in the log and on the error page.
 *
 * @param handler the handler
 */
record ErrorHandlerInContext(WebExceptionHandler handler) implements WebExceptionHandler {

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ContextSnapshot context = ExchangeScopeFilter.contextOf(exchange);
        if (context == null) {
            return handler.handle(exchange, failure);
        }
        return ContextSubscription.in(context::run, Mono.defer(() -> handler.handle(exchange, failure))
                .contextWrite(ReactorContexts.writing(context)));
    }
}
