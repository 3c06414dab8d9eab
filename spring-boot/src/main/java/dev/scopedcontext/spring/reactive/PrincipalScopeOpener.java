package dev.scopedcontext.spring.reactive;

import dev.scopedcontext.ScopeOpener;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * Supplies a scope for each exchange of a WebFlux application whose user is known. Declare beans of this type. A {@code
 * WebFilter} after that of Spring Security opens their scopes, inside those of all {@link ExchangeScopeOpener} beans.
 *
 * {@snippet class="dev.scopedcontext.spring.reactive.ReactiveSnippetsTest" region="principal"}
 *
 * <p>An opener is not called for exchanges that Spring Security refuses. Without Spring Security, it is called at the
 * same place of the filter chain, with the principal of the server, if any. In all other respects, the scope is like
 * one of an {@link ExchangeScopeOpener}.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface PrincipalScopeOpener {

    /**
     * Returns the scope to open for an exchange. If this method throws, the exchange fails with the exception.
     *
     * @param exchange the exchange
     * @param principal the user, or null if none was authenticated
     * @return the scope, which has not been opened
     */
    ScopeOpener open(ServerWebExchange exchange, @Nullable Principal principal);
}
