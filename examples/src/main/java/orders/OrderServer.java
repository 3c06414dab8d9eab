package orders;

import static orders.Current.G;
import static orders.Current.REQUEST_ID;
import static orders.Current.TRAIL;
import static orders.Wire.FROM_CLIENTS;

import com.sun.net.httpserver.HttpExchange;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.http.ExchangeFilter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import service.Server;
import service.Threads;
import service.Tracing;

/** Serves shops over HTTP, each under a path with its name. */
final class OrderServer implements AutoCloseable {

    private final Threads threads = new Threads(() -> G.asMap().isEmpty() && TRAIL.size() == 0);
    private final Server server;

    OrderServer(List<Tenant> tenants, URI pricingService, SpanExporter collector) throws IOException {
        Tracing tracing = new Tracing("orders", collector);
        Pricing pricing = new Pricing(pricingService, tracing);
        List<Shop> shops = tenants.stream()
                .map(tenant -> new Shop(tenant, threads.forWork(), pricing, tracing))
                .toList();
        shops.get(0).partnerWith(shops.get(1));
        this.server = new Server(threads);
        for (Shop shop : shops) {
            server.serve("/" + shop.name() + "/", shop::serve, filter(tracing), shop.filter());
        }
        server.serve("/", OrderServer::refuse, filter(tracing));
    }

    /** Returns the filter for requests to all shops. */
    private static ExchangeFilter filter(Tracing tracing) {
        return ExchangeFilter.entering(exchange -> ScopedContext.where(REQUEST_ID, UUID.randomUUID().toString()))
                .thenEntering(exchange -> FROM_CLIENTS.extract(exchange.getRequestHeaders()::get))
                .thenEntering(tracing::serving);
    }

    URI address() {
        return server.address();
    }

    /** Returns how often a thread had a context outside of any task. */
    long contextLeaks() {
        return threads.leaks();
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("X-Request-Id", REQUEST_ID.get());
        exchange.sendResponseHeaders(400, -1);
        exchange.close();
    }
}
