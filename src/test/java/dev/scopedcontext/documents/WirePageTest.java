package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.BaggageReport;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.http.ExchangeFilter;
import dev.scopedcontext.task.Deadline;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/wire.md. */
@ExtendWith(CleanThread.class)
class WirePageTest {

    // @start region="declare"
    static final ContextKey<String> TENANT = ContextKey.named("tenant");
    static final ContextKey<Locale> LOCALE = ContextKey.named("locale");
    static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");

    static final ContextBaggage BAGGAGE = ContextBaggage.builder()
            .member("tenant", TENANT)
            .member("locale", LOCALE, Locale::toLanguageTag, Locale::forLanguageTag)
            .header("x-request-id", REQUEST_ID, id -> id, id -> checked(id))
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout)
            .build();

    static String checked(String id) {
        return id.matches("[\\w-]{1,64}") ? id : null; // null refuses the value, and so does an exception
    }
    // @end

    // @start region="send"
    static String ask(HttpClient client, URI service) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service);
        BAGGAGE.inject(request::setHeader);
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }
    // @end

    // @start region="receive"
    static void handle(HttpExchange exchange) throws IOException {
        String page = BAGGAGE.extract(exchange.getRequestHeaders()::get).call(() -> page());
        send(exchange, page);
    }
    // @end

    // @start region="filter"
    static final ExchangeFilter FILTER = ExchangeFilter
            .entering(exchange -> BAGGAGE.extract(exchange.getRequestHeaders()::get))
            .thenEntering(exchange -> Deadline.within(Duration.ofSeconds(8)));
    // @end

    // @start region="merge"
    static void inject(TextMapPropagator propagator, HttpRequest.Builder request) {
        propagator.inject(Context.current(), request, HttpRequest.Builder::setHeader);
        BAGGAGE.inject(request::setHeader, request.build().headers()::allValues);
    }
    // @end

    // @start region="merged"
    static Context merged(TextMapGetter<Map<String, String>> getter) {
        Map<String, String> headers = new HashMap<>();
        W3CBaggagePropagator theirs = W3CBaggagePropagator.getInstance();
        theirs.inject(Context.current(), headers, Map::put);
        BAGGAGE.inject(headers::put, name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of());
        return theirs.extract(Baggage.empty().storeInContext(Context.current()), headers, getter);
    }
    // @end

    private HttpServer server;
    private URI address;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(0), 0);
        server.start();
        address = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    static String page() {
        long seconds = Deadline.current().remaining().plusMillis(999).toSeconds();
        return TENANT.orElse("-") + " " + LOCALE.orElse(Locale.ROOT) + " " + REQUEST_ID.orElse("-") + " " + seconds;
    }

    static void send(HttpExchange exchange, String page) throws IOException {
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void boundValuesTravel() throws Exception {
        server.createContext("/", WirePageTest::handle);
        // @start region="ask"
        String page = Deadline.within(Duration.ofMinutes(1))
                .where(TENANT, "Café").where(LOCALE, Locale.FRENCH).where(REQUEST_ID, "r-17")
                .call(() -> ask(HttpClient.newHttpClient(), address));
        // @end
        assertThat(page).isEqualTo("Café fr r-17 60");
    }

    @Test
    void theReceiversDeadlineOnlyTightens() throws Exception {
        server.createContext("/", exchange -> send(exchange, page())).getFilters().add(FILTER);
        assertThat(Deadline.within(Duration.ofMinutes(1)).<String, Exception>call(() -> ask(HttpClient.newHttpClient(),
                address))).isEqualTo("-  - 8");
        assertThat(Deadline.within(Duration.ofSeconds(4)).<String, Exception>call(() -> ask(HttpClient.newHttpClient(),
                address))).isEqualTo("-  - 4");
    }

    @Test
    void aRefusedValueIsCounted() {
        long before = BAGGAGE.report().unreadable();
        BAGGAGE.extract(name -> name.equals("x-request-id") ? List.of("<script>") : null)
                .run(() -> assertThat(REQUEST_ID.isBound()).isFalse());
        // @start region="report"
        BaggageReport report = BAGGAGE.report();
        System.out.println(report.malformed() + " malformed, " + report.beyondLimits() + " beyond limits, "
                + report.unreadable() + " unreadable, " + report.unwritable() + " unwritable");
        // @end
        assertThat(report.unreadable()).isEqualTo(before + 1);
    }

    @Test
    void bothLibrariesWriteOneHeader() {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        TextMapPropagator propagator = W3CBaggagePropagator.getInstance();
        Context theirs = Baggage.builder().put("campaign", "x").build().storeInContext(Context.root());
        ScopedContext.where(TENANT, "acme").run(() -> {
            try (Scope scope = theirs.makeCurrent()) {
                inject(propagator, request);
                Baggage merged = Baggage.fromContext(merged(new FromMap()));
                assertThat(merged.getEntryValue("tenant") + merged.getEntryValue("campaign")).isEqualTo("acmex");
            }
        });
        assertThat(request.build().headers().allValues("baggage")).containsExactly("tenant=acme,campaign=x");
    }

    private static final class FromMap implements TextMapGetter<Map<String, String>> {

        @Override
        @SuppressWarnings("deprecation") // deprecated, but abstract
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        @Override
        public String get(Map<String, String> headers, String name) {
            return headers.get(name);
        }
    }

    @Test
    void theHeadersAreThoseOfThePage() {
        Map<String, String> headers = new TreeMap<>();
        ScopedContext.where(TENANT, "Café").where(LOCALE, Locale.FRENCH).where(REQUEST_ID, "r-17")
                .where(Deadline.KEY, Deadline.after(Duration.ofSeconds(2))).run(() -> BAGGAGE.inject(headers::put));
        assertThat(headers.get("baggage")).isEqualTo("tenant=Caf%C3%A9,locale=fr");
        assertThat(headers.get("x-request-id")).isEqualTo("r-17");
        assertThat(headers.get("request-timeout")).matches("199\\d{4}u");
    }
}
