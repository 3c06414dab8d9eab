package dev.scopedcontext.spring.reactive;

import dev.scopedcontext.ScopeOpener;
import org.springframework.web.server.ServerWebExchange;

/**
 * Supplies the scope of each exchange of a WebFlux application: bindings, a session of a named context, or another
 * {@link ScopeOpener}. Declare beans of this type. A {@code WebFilter} opens their scopes.
 *
 * {@snippet class="dev.scopedcontext.spring.reactive.ReactiveSnippetsTest" region="opener"}
 *
 * <p><b>Order.</b> The first bean by {@code @Order} supplies the outermost scope, and each of the others is called
 * inside the scopes of those before it. The filter is the outermost filter of the application, unless the property
 * {@code scopedcontext.reactive.order} sets another order. The user is not known yet: a {@link PrincipalScopeOpener} is
 * called after Spring Security.
 *
 * <p><b>Context.</b> The filter subscribes to the rest of the chain inside the scope, and writes the captured context
 * into the context of Reactor. Operators read it there, as {@link dev.scopedcontext.reactor.ReactorContexts} describes.
 * With the property {@code spring.reactor.context-propagation=auto}, all code of the stream can read the keys directly,
 * on any thread. Without it, code can do so only until the stream changes threads. Each exchange starts without any
 * bindings, whatever the thread was doing.
 *
 * <p><b>End.</b> The scope ends once, when the stream completes, fails or is cancelled, on the thread that signals it.
 * A hook or a resource that blocks therefore blocks that thread. Hooks get the exception of the stream, or a {@link
 * java.util.concurrent.CancellationException} if it is cancelled, for example because the client has closed the
 * connection. When the application stops, exchanges that are still open end in this way too. An exception of a hook is
 * an error of the exchange, whose response may have been sent already. Handlers of errors run after the end. They can
 * read the keys, but not open resources.
 *
 * <p><b>Exceptions that become responses</b> reach hooks too, unless the property {@code
 * scopedcontext.reactive.mark-failures} is false. Hooks get the exception of a handler, or of the {@code Mono} or
 * {@code Flux} that it returned. However, WebFlux does not disclose an exception that a handler throws before it
 * returns and that an {@code @ExceptionHandler} turns into a response. Hooks then get a {@link HandledExceptionNotice}.
 * To pass the exception itself, set it as the error of Spring's {@code ServerRequestObservationContext} in the
 * {@code @ExceptionHandler}. Hooks also get a notice if the status of the response is 500 or higher. They do not get
 * an exception that {@code onError} of a {@code RouterFunction} turns into a response with a lower status.
 *
 * <p>Return an error to fail an exchange. {@link dev.scopedcontext.ScopedContext#markFailed} has an effect only in code
 * that runs while the filter subscribes. In other code of the stream, it marks only the piece of work for which the
 * captured context is entered, and hooks do not get the mark.
 *
 * <p>Implementations must be thread-safe.
 */
@FunctionalInterface
public interface ExchangeScopeOpener {

    /**
     * Returns the scope to open for an exchange. If this method throws, the exchange fails with the exception.
     *
     * @param exchange the exchange
     * @return the scope, which has not been opened
     */
    ScopeOpener open(ServerWebExchange exchange);
}
