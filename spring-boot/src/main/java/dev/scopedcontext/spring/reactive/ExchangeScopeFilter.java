package dev.scopedcontext.spring.reactive;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopeOpener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Opens a scope for each exchange, and ends it with the stream of the rest of the chain. There may be two of them in a
 * chain, one before and one after Spring Security. The scope of the second one is inside that of the first.
 *
 * <p>A server that stops immediately does not cancel the streams of its exchanges. The filter therefore ends them when
 * the server has stopped, while all beans are alive.
 */
final class ExchangeScopeFilter implements WebFilter, Ordered, SmartLifecycle {

    private static final String BEFORE_SECURITY = ExchangeScopeFilter.class.getName() + ".beforeSecurity";
    private static final String AFTER_SECURITY = ExchangeScopeFilter.class.getName() + ".afterSecurity";

    /** Spring Security's filter has the fixed order -100. */
    private static final int ORDER_AFTER_SECURITY = -99;

    private final int order;

    /** The attribute of the exchange that holds the scope of this filter. */
    private final String attribute;

    private final boolean opensScopes;

    private final Function<ServerWebExchange, Mono<Supplier<ScopeOpener>>> scope;
    private final ExchangeFailures failures;

    /** The exchanges that have not ended. */
    private final Set<ExchangeSubscriber> exchanges = ConcurrentHashMap.newKeySet();

    private volatile boolean running;

    private ExchangeScopeFilter(int order, String attribute, boolean opensScopes,
            Function<ServerWebExchange, Mono<Supplier<ScopeOpener>>> scope, ExchangeFailures failures) {
        this.order = order;
        this.attribute = attribute;
        this.opensScopes = opensScopes;
        this.scope = scope;
        this.failures = failures;
    }

    static ExchangeScopeFilter beforeSecurity(int order, ExchangeScopes<ExchangeScopeOpener> openers,
            ExchangeFailures failures) {
        return new ExchangeScopeFilter(order, BEFORE_SECURITY, !openers.isEmpty(),
                exchange -> Mono.just(() -> openers.of(opener -> opener.open(exchange))), failures);
    }

    static ExchangeScopeFilter afterSecurity(ExchangeScopes<PrincipalScopeOpener> openers, ExchangeFailures failures) {
        return new ExchangeScopeFilter(ORDER_AFTER_SECURITY, AFTER_SECURITY, !openers.isEmpty(),
                exchange -> exchange.getPrincipal()
                        .<Supplier<ScopeOpener>>map(user -> () -> openers.of(opener -> opener.open(exchange, user)))
                        .defaultIfEmpty(() -> openers.of(opener -> opener.open(exchange, null))),
                failures);
    }

    /** Returns whether there are openers. */
    boolean opensScopes() {
        return opensScopes;
    }

    /**
     * Requires that the scopes after Spring Security are inside those before it.
     *
     * @param order the order of the filter before Spring Security
     * @throws IllegalStateException if it is not smaller than that of the other filter
     */
    static void requireNesting(int order) {
        if (order >= ORDER_AFTER_SECURITY) {
            throw new IllegalStateException("scopedcontext.reactive.order is " + order + ", but must be smaller than "
                    + ORDER_AFTER_SECURITY + ", the order of the filter that opens scopes after Spring Security");
        }
    }

    @Override
    public int getOrder() {
        return order;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!opensScopes) {
            return chain.filter(exchange);
        }
        return scope.apply(exchange).flatMap(opener -> Mono.fromDirect(
                subscriber -> subscribe(exchange, chain, opener, Operators.toCoreSubscriber(subscriber))));
    }

    private void subscribe(ServerWebExchange exchange, WebFilterChain chain, Supplier<ScopeOpener> opener,
            CoreSubscriber<? super Void> subscriber) {
        OpenExchange open;
        try {
            open = open(exchange, opener);
        } catch (Throwable refused) {
            Operators.error(subscriber, Operators.onOperatorError(refused, subscriber.currentContext()));
            return;
        }
        ExchangeSubscriber ending = new ExchangeSubscriber(subscriber, open, () -> failures.of(exchange),
                exchanges::remove);
        exchanges.add(ending);
        open.run(Mono.defer(() -> chain.filter(exchange))).subscribe(ending);
    }

    private OpenExchange open(ServerWebExchange exchange, Supplier<ScopeOpener> opener) {
        OpenExchange outer = attribute.equals(AFTER_SECURITY) ? exchange.getAttribute(BEFORE_SECURITY) : null;
        OpenExchange open = OpenExchange.open(outer == null ? ContextSnapshot.empty() : outer.inside(), opener);
        exchange.getAttributes().put(attribute, open);
        return open;
    }

    /** Returns the context of the innermost scope that was opened for an exchange, or null. */
    static @Nullable ContextSnapshot contextOf(ServerWebExchange exchange) {
        OpenExchange inner = exchange.getAttribute(AFTER_SECURITY);
        OpenExchange open = inner == null ? exchange.getAttribute(BEFORE_SECURITY) : inner;
        return open == null ? null : open.inside();
    }

    @Override
    public void start() {
        running = true;
    }

    /** Ends the exchanges that the server has left open. */
    @Override
    public void stop() {
        running = false;
        exchanges.forEach(ExchangeSubscriber::abort);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Returns a phase that stops after the web server, and the inner scopes before the outer ones. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - (attribute.equals(AFTER_SECURITY) ? 1 : 2);
    }

    /** Returns the description that Spring adds to the stack traces of exchanges. */
    @Override
    public String toString() {
        return attribute;
    }
}
