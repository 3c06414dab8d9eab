package dev.scopedcontext.http;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.OpenScope;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * Puts a scope around every exchange of a {@code com.sun.net.httpserver.HttpServer}: what a function of the
 * exchange returns, be it bindings, a session of a named context or a manager of locals.
 *
 * {@snippet class="dev.scopedcontext.http.HttpExamplesTest" region="filter"}
 *
 * <p>The scope ends when the handler returns or throws, on the handler's thread: also when the client has gone,
 * which shows as an {@code IOException} of the handler. Hooks see what the handler throws, and the server gets
 * it unchanged. It does not matter whether the response is complete by then.
 *
 * <p><b>Other threads.</b> A handler that leaves the exchange to another thread hands over its context like any
 * code, and {@linkplain #hold() holds} the scope, so that this ends only when that thread is done. If it does
 * not, the other thread still sees the values that it was given and finds the resources of sessions gone.
 *
 * <p>A filter is immutable and safe to use for any number of contexts and servers. <b>Null</b> arguments, and
 * null in place of what a function is to return, are a {@code NullPointerException} that names the argument or
 * the function.
 */
public final class ExchangeFilter extends Filter {

    private final Function<? super HttpExchange, ? extends ScopeOpener> scope;

    private ExchangeFilter(Function<? super HttpExchange, ? extends ScopeOpener> scope) {
        this.scope = scope;
    }

    /**
     * Creates a filter.
     *
     * @param scope gives what to enter for an exchange; called for each, outside of its scope. What it throws
     *         goes to the server, which closes the connection
     * @return a filter
     */
    public static ExchangeFilter entering(Function<? super HttpExchange, ? extends ScopeOpener> scope) {
        return new ExchangeFilter(requireNonNull(scope, "scope"));
    }

    /**
     * Returns a filter that enters what this one does, and something else inside of that. They are left in
     * reverse order.
     *
     * @param inner gives what to enter for an exchange, inside of what this filter enters. What it throws is a
     *         failure of that, and goes to the server
     * @return a new filter
     */
    public ExchangeFilter thenEntering(Function<? super HttpExchange, ? extends ScopeOpener> inner) {
        requireNonNull(inner, "inner");
        return new ExchangeFilter(exchange -> scopeOf(exchange).enclosing(() -> of(inner, exchange)));
    }

    /**
     * Wraps a handler, where there is no list of filters to add this to.
     *
     * @param handler the handler
     * @return a handler that handles each exchange in a scope, as behind this filter
     */
    public HttpHandler wrap(HttpHandler handler) {
        requireNonNull(handler, "handler");
        return exchange -> doFilter(exchange, new Chain(List.of(), handler));
    }

    /**
     * Keeps the scope of the exchange that the caller works for open until the returned hold is closed: for a
     * handler that returns before the exchange is over. If there are several filters, it keeps all their scopes
     * open.
     *
     * {@snippet class="dev.scopedcontext.http.HttpExamplesTest" region="hold"}
     *
     * @return what lets go of the scope; close it on every path, such as where an executor rejects the task
     * @throws IllegalStateException if the caller is in no scope of an exchange, or in one that has ended
     */
    public static ExchangeHold hold() {
        return OpenExchange.current().hold();
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
        OpenExchange.open(() -> opened(scopeOf(exchange))).handle(() -> {
            chain.doFilter(exchange);
            return null;
        });
    }

    private ScopeOpener scopeOf(HttpExchange exchange) {
        return of(scope, exchange);
    }

    private static ScopeOpener of(Function<? super HttpExchange, ? extends ScopeOpener> scope, HttpExchange exchange) {
        return requireNonNull(scope.apply(exchange), "what to enter for an exchange");
    }

    private static OpenScope opened(ScopeOpener scope) {
        return requireNonNull(scope.open(), () -> "what open() returns of " + scope);
    }

    /** Returns what the server's tools show for this filter. */
    @Override
    public String description() {
        return "Puts a scope around every exchange";
    }
}
