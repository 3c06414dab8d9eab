package pricing;

import static java.time.Duration.ofSeconds;
import static pricing.Wire.FROM_SERVICES;
import static pricing.Wire.REQUEST_ID;

import com.sun.net.httpserver.HttpExchange;
import dev.scopedcontext.http.ExchangeFilter;
import dev.scopedcontext.task.Deadline;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import service.Reply;
import service.Server;
import service.Threads;
import service.Tracing;

/** Serves {@code GET /quote?2x31.50,12x8.00} over HTTP. */
public final class PricingServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("pricing");
    private static final Duration TIME_FOR_QUOTE = ofSeconds(8);

    private final Threads threads = new Threads(() -> true);
    private final Server server;
    private final Quotes quotes;

    /** Starts the service. */
    public PricingServer(SpanExporter collector) throws IOException {
        Tracing tracing = new Tracing("pricing", collector);
        this.quotes = new Quotes(tracing, log);
        this.server = new Server(threads);
        server.serve("/quote", this::quote, filter(tracing));
    }

    /** Binds the values of the sender first: the deadline of this service can only tighten theirs. */
    private static ExchangeFilter filter(Tracing tracing) {
        return ExchangeFilter.entering(exchange -> FROM_SERVICES.extract(exchange.getRequestHeaders()::get))
                .thenEntering(exchange -> Deadline.within(TIME_FOR_QUOTE))
                .thenEntering(tracing::serving);
    }

    private void quote(HttpExchange exchange) throws IOException {
        Span.current().setAttribute("request.id", REQUEST_ID.orElse("none"));
        String lines = String.valueOf(exchange.getRequestURI().getQuery());
        Reply.of(() -> new Reply(200, quotes.quote(Line.parse(lines))), log).send(exchange);
    }

    /** Returns the address of the service. */
    public URI address() {
        return server.address();
    }

    /** Returns how often a thread had a context outside of any task. */
    public long contextLeaks() {
        return threads.leaks();
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
    }
}
