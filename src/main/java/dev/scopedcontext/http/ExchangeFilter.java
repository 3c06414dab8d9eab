package dev.scopedcontext.http;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.internal.OpenedScope;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.internal.CheckReturnValue;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * Puts a scope around every exchange of a {@code com.sun.net.httpserver.HttpServer}. A function of the exchange
 * supplies the scope: bindings, a session of a named context, a manager of locals, or another {@link ScopeOpener}.
 *
 * {@snippet class="dev.scopedcontext.http.HttpExamplesTest" region="filter"}
 *
 * <p>The scope ends on the handler's thread when the handler returns or throws, whether or not the response is
 * complete. Hooks get the handler's exception or, if it returns, the failure that it passed to {@link
 * dev.scopedcontext.ScopedContext#markFailed}. Exceptions propagate to the server unchanged. If the client has closed
 * the connection, the handler gets an {@code IOException}.
 *
 * <p><b>Other threads.</b> A handler may pass the exchange to another thread. It then hands over its context as usual,
 * and {@linkplain #hold() holds} the scope, which ends when that thread closes the holder. Without a holder, the other
 * thread can still read the values that were handed over, but the resources of sessions are closed.
 *
 * <p>A filter may be used for any number of contexts and servers.
 *
 * <p>Instances are immutable and thread-safe. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter. If a function returns null, the filter throws {@code
 * NullPointerException}.
 */
public final class ExchangeFilter extends Filter {

    private final Function<? super HttpExchange, ? extends ScopeOpener> scope;

    private ExchangeFilter(Function<? super HttpExchange, ? extends ScopeOpener> scope) {
        this.scope = scope;
    }

    /**
     * Creates a filter.
     *
     * @param scope returns the scope to open for an exchange. It is called once per exchange, outside the scope. Its
     *        exceptions propagate to the server, which closes the connection
     * @return a filter
     */
    public static ExchangeFilter entering(Function<? super HttpExchange, ? extends ScopeOpener> scope) {
        return new ExchangeFilter(requireNonNull(scope, "scope"));
    }

    /**
     * Returns a filter that enters the scope of this filter, and another scope inside it. They end in reverse order.
     *
     * @param inner returns the inner scope for an exchange. It is called inside the scope of this filter. If it throws,
     *        that scope has failed, and the exception propagates to the server
     * @return a new filter
     */
    @CheckReturnValue
    public ExchangeFilter thenEntering(Function<? super HttpExchange, ? extends ScopeOpener> inner) {
        requireNonNull(inner, "inner");
        return new ExchangeFilter(exchange -> scopeOf(exchange).enclosing(() -> of(inner, exchange)));
    }

    /**
     * Wraps a handler, for servers that are configured without a list of filters.
     *
     * @param handler the handler
     * @return a handler that handles each exchange in a scope, as behind this filter
     */
    @CheckReturnValue
    public HttpHandler wrap(HttpHandler handler) {
        requireNonNull(handler, "handler");
        return exchange -> doFilter(exchange, new Chain(List.of(), handler));
    }

    /**
     * Holds the scope of the current exchange: the scope ends when its handler has returned and every holder has been
     * closed. Use it if a handler returns before the exchange is complete. If there are several filters, the scopes of
     * all of them are held.
     *
     * {@snippet class="dev.scopedcontext.http.HttpExamplesTest" region="hold"}
     *
     * <p>{@code run} and {@code call} of the holder run an operation in the context that this method captures, with a
     * copy of the values of locals. An exception of the operation is a failure of the exchange. Hooks get the first
     * failure of the handler and of all holders. If there is none, they get the first failure that the handler or an
     * operation was {@linkplain dev.scopedcontext.ScopedContext#markFailed marked} with.
     *
     * <p>The last holder ends the scope on the thread that closes it, in the captured context. If that context cannot
     * be entered, for example because a {@code Deadline} has passed, the scope ends outside it, and the exception is a
     * failure of the exchange. If the exchange has failed, exceptions of hooks are suppressed into that failure;
     * otherwise {@code close} throws the first one.
     *
     * <p>If the last holder of an inner filter's scope is closed while the scope of an outer filter is in use, the
     * inner scope ends with the outer one, immediately before it. Its hooks then use the resources per task that the
     * handler's thread opened in the outer scope.
     *
     * <p>A holder that is never closed keeps the resources of sessions open, but leaves nothing on any thread. Holders
     * are thread-safe.
     *
     * @return a holder; close it on every path, including the one on which an executor rejects the task
     * @throws IllegalStateException if the caller is in no scope of an exchange, or in one that has ended
     */
    @CheckReturnValue
    public static OpenScope hold() {
        return OpenExchange.holdCurrent();
    }

    /**
     * Handles an exchange in a scope of its own.
     *
     * @param exchange the exchange
     * @param chain the filters behind this one, and the handler
     * @throws IOException if the chain does
     */
    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        OpenExchange.handle(() -> opened(scopeOf(exchange)), () -> {
            chain.doFilter(exchange);
            return null;
        });
    }

    private ScopeOpener scopeOf(HttpExchange exchange) {
        return of(scope, exchange);
    }

    private static ScopeOpener of(Function<? super HttpExchange, ? extends ScopeOpener> scope, HttpExchange exchange) {
        return requireNonNull(scope.apply(exchange), "The function of the filter returned null");
    }

    private static OpenScope opened(ScopeOpener scope) {
        return OpenedScope.of(scope, scope.open());
    }

    /** Returns the description of this filter for tools of the server. */
    @Override
    public String description() {
        return "Puts a scope around every exchange";
    }
}
