package dev.scopedcontext.spring.reactive;

import org.springframework.web.server.ServerWebExchange;

/**
 * Decides whether an exception that was turned into a response is a failure of the exchange. Without a bean of this
 * type, each exception is one: the hooks of the exchange get it, and a transaction hook rolls back.
 *
 * {@snippet class="dev.scopedcontext.spring.reactive.ReactiveSnippetsTest" region="criterion"}
 *
 * <p>If there are several beans, an exception is a failure if each of them says so. An exception that is not turned
 * into a response inside the filter always fails the exchange. To ignore all others, set the property {@code
 * scopedcontext.reactive.mark-failures} to false.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface ExchangeFailureCriterion {

    /**
     * Returns whether an exception is a failure of the exchange. It is called when the exchange is complete, outside of
     * its scope.
     *
     * @param exception the exception, or a {@link HandledExceptionNotice} of one that WebFlux does not disclose
     * @param exchange the exchange, with its response
     * @return true if hooks are to get the exception
     */
    boolean isFailure(Throwable exception, ServerWebExchange exchange);
}
