package dev.scopedcontext.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.ContextBaggage;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageEntryMetadata;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * OpenTelemetry's propagators and this library write the same header: to maps and over HTTP, in a client and in an
 * intermediate service. Either of the two may write last.
 */
@ExtendWith(CleanThread.class)
class BaggageBesideOpenTelemetryTest {

    static final ContextKey<String> TENANT = ContextKey.named("tenant");
    static final ContextBaggage BAGGAGE = ContextBaggage.builder().member("tenant", TENANT).build();

    /** The default of OpenTelemetry's property {@code otel.propagators}. */
    private static final TextMapPropagator DEFAULT = TextMapPropagator
            .composite(W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance());

    private static final TextMapPropagator WITHOUT_BAGGAGE = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // deprecated, but abstract
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        @Override
        public String get(Map<String, String> headers, String name) {
            return headers.get(name);
        }
    };

    private final HttpClient client = HttpClient.newHttpClient();
    private final TextMapPropagator propagator = DEFAULT;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** Sends a request from the intermediate service to the last service. */
    interface Sending {

        String send(HttpRequest.Builder request) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/last", exchange -> answer(exchange,
                String.join(" | ", exchange.getRequestHeaders().getOrDefault("baggage", List.of("none")))));
        server.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.stop(0);
        threads.shutdownNow();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + path));
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static List<String> values(Map<String, String> headers, String name) {
        return headers.containsKey(name) ? List.of(headers.get(name)) : List.of();
    }

    private static Bindings arrived(Map<String, String> headers) {
        return BAGGAGE.extract(name -> values(headers, name));
    }

    /** Extracts like an agent, which keeps the result current while the application serves the request. */
    private static Context theirs(String header) {
        return DEFAULT.extract(Context.root(), Map.of("baggage", header), GETTER);
    }

    // @start region="both"
    String ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        propagator.inject(Context.current(), request, HttpRequest.Builder::setHeader);
        BAGGAGE.inject(request::setHeader, request.build().headers()::allValues);
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }
    // @end

    /** Sends a request like an instrumented client, which writes to a copy of the finished request. */
    private String sendWithAgent(HttpRequest request, TextMapPropagator agent)
            throws IOException, InterruptedException {
        HttpRequest.Builder copy = HttpRequest.newBuilder(request, (name, value) -> true);
        agent.inject(Context.current(), copy, HttpRequest.Builder::setHeader);
        return client.send(copy.build(), BodyHandlers.ofString()).body();
    }

    private String askWithAgent(HttpRequest.Builder request, TextMapPropagator agent)
            throws IOException, InterruptedException {
        BAGGAGE.inject(request::setHeader);
        return sendWithAgent(request.build(), agent);
    }

    /** Keeps OpenTelemetry's baggage when an agent is used: the agent writes the merged header. */
    private String askWithMergedContext(HttpRequest.Builder request) throws IOException, InterruptedException {
        Map<String, String> headers = new HashMap<>();
        propagator.inject(Context.current(), headers, Map::put);
        BAGGAGE.inject(headers::put, name -> values(headers, name));
        Context none = Baggage.empty().storeInContext(Context.current());
        try (Scope merged = W3CBaggagePropagator.getInstance().extract(none, headers, GETTER).makeCurrent()) {
            return sendWithAgent(request.build(), propagator);
        }
    }

    /** Sends a header to a service that serves it for a partner, and returns the header at the last service. */
    private String throughTheMiddle(String header, Bindings change, Sending sending)
            throws IOException, InterruptedException {
        server.createContext("/middle", exchange -> {
            String answer;
            String baggage = exchange.getRequestHeaders().getFirst("baggage");
            try (Scope agent = theirs(baggage).makeCurrent()) {
                answer = BAGGAGE.extract(exchange.getRequestHeaders()::get)
                        .<String, Exception>call(() -> change.<String, Exception>call(
                                () -> sending.send(request("/last"))));
            } catch (Exception failure) {
                answer = failure.toString();
            }
            answer(exchange, answer);
        });
        HttpRequest request = request("/middle").header("baggage", header).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private static Bindings partner() {
        return ScopedContext.where(TENANT, "partner");
    }

    @Test
    void aClientSendsBothWhenOursIsLast() {
        Map<String, String> headers = new HashMap<>();
        Context campaign = Context.root().with(Baggage.builder()
                .put("campaign", "x", BaggageEntryMetadata.create("ttl=5")).build());
        ScopedContext.where(TENANT, "acme").run(() -> {
            DEFAULT.inject(campaign, headers, Map::put);
            BAGGAGE.inject(headers::put, name -> values(headers, name));
        });
        assertThat(headers).containsExactly(Map.entry("baggage", "tenant=acme,campaign=x;ttl=5"));
    }

    @Test
    void aServiceInTheMiddleSendsWhatIsBoundWhenOursIsLast() {
        Map<String, String> arrived = Map.of("baggage", "tenant=acme,campaign=x;ttl=5");
        Context theirs = theirs("tenant=acme,campaign=x;ttl=5");
        for (Map.Entry<String, Bindings> each : Map.of("tenant=partner,campaign=x;ttl=5", partner(),
                "campaign=x;ttl=5", ScopedContext.without(TENANT)).entrySet()) {
            Map<String, String> headers = new HashMap<>();
            arrived(arrived).run(() -> each.getValue().run(() -> {
                DEFAULT.inject(theirs, headers, Map::put);
                BAGGAGE.inject(headers::put, name -> values(headers, name));
            }));
            assertThat(headers).containsExactly(Map.entry("baggage", each.getKey()));
        }
    }

    @Test
    void whatTheServiceChangesInTheirBaggageIsSent() {
        Map<String, String> headers = new HashMap<>();
        Context changed = theirs("campaign=x").with(Baggage.builder().put("campaign", "y").put("new", "z").build());
        arrived(Map.of("baggage", "campaign=x")).where(TENANT, "acme").run(() -> {
            DEFAULT.inject(changed, headers, Map::put);
            BAGGAGE.inject(headers::put, name -> values(headers, name));
        });
        assertThat(headers.get("baggage").split(",")).startsWith("tenant=acme")
                .containsExactlyInAnyOrder("tenant=acme", "campaign=y", "new=z");
    }

    /** Shows why the order matters. If this test fails with a newer OpenTelemetry, the documentation can be shorter. */
    @Test
    void theirsReplacesOursWhenItIsLast() {
        Map<String, String> headers = new HashMap<>();
        partner().run(() -> {
            BAGGAGE.inject(headers::put);
            DEFAULT.inject(theirs("tenant=acme"), headers, Map::put);
        });
        assertThat(headers).containsExactly(Map.entry("baggage", "tenant=acme"));
    }

    @Test
    void theirsReadsWhatIsMerged() {
        Map<String, String> headers = new HashMap<>();
        ScopedContext.where(TENANT, "Zoë, & co").run(() -> {
            DEFAULT.inject(theirs("tenant=acme,campaign=x;ttl=5"), headers, Map::put);
            BAGGAGE.inject(headers::put, name -> values(headers, name));
        });
        Baggage read = Baggage.fromContext(theirs(headers.get("baggage")));
        assertThat(read.getEntryValue("tenant")).isEqualTo("Zoë, & co");
        assertThat(read.getEntry("campaign").getMetadata().getValue()).isEqualTo("ttl=5");
        assertThat(Baggage.fromContext(theirs("")).isEmpty()).as("a header that was taken back").isTrue();
    }

    @Test
    void overHttpAClientSendsBoth() throws Exception {
        Baggage campaign = Baggage.builder().put("campaign", "x").build();
        try (Scope scope = campaign.makeCurrent()) {
            assertThat(partner().<String, Exception>call(() -> ask(request("/last"))))
                    .isEqualTo("tenant=partner,campaign=x");
            assertThat(partner().<String, Exception>call(() -> askWithMergedContext(request("/last"))).split(","))
                    .containsExactlyInAnyOrder("tenant=partner", "campaign=x");
        }
    }

    @Test
    void overHttpWhatIsBoundIsSentWhenOursIsLast() throws Exception {
        assertThat(throughTheMiddle("tenant=acme,campaign=x;ttl=5", partner(), this::ask))
                .isEqualTo("tenant=partner,campaign=x;ttl=5");
    }

    @Test
    void overHttpWhatIsUnboundIsNotSent() throws Exception {
        assertThat(throughTheMiddle("tenant=acme", ScopedContext.without(TENANT), this::ask)).isEmpty();
    }

    @Test
    void overHttpAnAgentWithoutBaggageLeavesOursAndTheirMembersArePassedOn() throws Exception {
        assertThat(throughTheMiddle("tenant=acme,campaign=x;ttl=5", partner(),
                request -> askWithAgent(request, WITHOUT_BAGGAGE))).isEqualTo("tenant=partner,campaign=x;ttl=5");
    }

    /** Shows why the property matters. */
    @Test
    void overHttpAnAgentWithBaggageSendsTheStaleTenant() throws Exception {
        assertThat(throughTheMiddle("tenant=acme", partner(), request -> askWithAgent(request, DEFAULT)))
                .isEqualTo("tenant=acme");
    }

    @Test
    void overHttpAnAgentWithBaggageSendsTheMergedContext() throws Exception {
        String sent = throughTheMiddle("tenant=acme,campaign=x;ttl=5", partner(), this::askWithMergedContext);
        assertThat(sent.split(",")).containsExactlyInAnyOrder("tenant=partner", "campaign=x;ttl=5");
    }

    @Test
    void overHttpAnAgentWithBaggageSendsNoMergedContextIfNothingIsLeft() throws Exception {
        assertThat(throughTheMiddle("tenant=acme", ScopedContext.without(TENANT), this::askWithMergedContext))
                .isEqualTo("none");
    }
}
