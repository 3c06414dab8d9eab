package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.BaggageReport;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.executor.ContextExecutors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A value and a deadline that are bound in one service are bound in the next, over HTTP, and in what that forks. */
@OnEachEngine
class BaggageOverHttpTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    private final ContextBaggage baggage = ContextBaggage.builder().member("tenant", TENANT)
            .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout).build();

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** A service, in the context that its requests bring. */
    interface Service {

        String serve() throws Exception;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.stop(0);
        threads.shutdownNow();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    private void serve(String path, Service service) {
        server.createContext(path, exchange -> {
            Bindings arrived = baggage.extract(exchange.getRequestHeaders()::get);
            String answer;
            try {
                answer = arrived.call(service::serve);
            } catch (Exception failure) {
                answer = failure.toString();
            }
            answer(exchange, answer);
        });
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + path));
    }

    private String ask(String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        baggage.inject(request::setHeader);
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }

    @Test
    void whatIsBoundHereIsBoundThereAndBeyond() throws Exception {
        serve("/there", () -> TENANT.get() + " " + Deadline.current().isNever() + " and " + ask("/beyond"));
        serve("/beyond", TENANT::get);
        String answer = ScopedContext.where(TENANT, "Zoë").<String, Exception>call(() -> ask("/there"));
        assertThat(answer).isEqualTo("Zoë true and Zoë");
        assertThat(baggage.report()).isEqualTo(new BaggageReport(0, 0, 0, 0));
    }

    @Test
    void whatArrivesIsBoundInSubtasksAndExecutors() throws Exception {
        serve("/", () -> {
            ExecutorService executor = ContextExecutors.propagating(threads);
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(() -> "forked " + TENANT.get());
                scope.fork(() -> executor.submit(() -> "submitted " + TENANT.get()).get());
                return String.join(", ", scope.join());
            }
        });
        String answer = ScopedContext.where(TENANT, "acme").<String, Exception>call(() -> ask("/"));
        assertThat(answer).isEqualTo("forked acme, submitted acme");
    }

    @Test
    void subtasksAndFuturesSendWhatIsBoundForThem() throws Exception {
        serve("/", TENANT::get);
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
            for (String name : List.of("a", "b")) {
                scope.fork(() -> ScopedContext.where(TENANT, name).<String, Exception>call(() -> ask("/")));
            }
            assertThat(scope.join()).containsExactly("a", "b");
        }
        CompletableFuture<String> later = ScopedContext.where(TENANT, "later").call(() -> {
            HttpRequest.Builder request = request("/");
            baggage.inject(request::setHeader);
            return ContextExecutors.propagatingStage(client.sendAsync(request.build(), BodyHandlers.ofString()))
                    .thenApply(response -> response.body() + " for " + TENANT.get());
        });
        assertThat(later.get(1, TimeUnit.MINUTES)).isEqualTo("later for later");
    }

    @Test
    void requestsSideBySideDoNotMix() throws Exception {
        serve("/", TENANT::get);
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 200)
                .mapToObj(i -> ScopedContext.where(TENANT, "t" + i).call(() -> {
                    HttpRequest.Builder request = request("/");
                    baggage.inject(request::setHeader);
                    return client.sendAsync(request.build(), BodyHandlers.ofString());
                })).toList();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(1, TimeUnit.MINUTES).body()).isEqualTo("t" + i);
        }
    }

    @Test
    void aDeadlineTravelsAsTheTimeThatIsLeftAndTheEarliestOfBothSidesCounts() throws Exception {
        serve("/left", () -> Deadline.current().remaining().toString());
        serve("/own", () -> Deadline.within(Duration.ofSeconds(2))
                .call(() -> Deadline.current().remaining().toString()));
        Duration left = Duration.parse(Deadline.within(MINUTE).<String, Exception>call(() -> ask("/left")));
        assertThat(left).isPositive().isLessThanOrEqualTo(MINUTE);
        Duration own = Duration.parse(Deadline.within(MINUTE).<String, Exception>call(() -> ask("/own")));
        assertThat(own).isLessThanOrEqualTo(Duration.ofSeconds(2));
        Deadline.within(Duration.ofSeconds(1)).run(() -> baggage.extract(name -> List.of("1H"))
                .run(() -> assertThat(Deadline.current().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(1))));
    }

    @Test
    void aDeadlineThatHasPassedStopsWhatIsForkedOrHandedOverThere() throws Exception {
        serve("/", () -> {
            assertThat(Deadline.current().isExpired()).isTrue();
            assertThatThrownBy(() -> ContextExecutors.propagating(threads).submit(() -> "late").get())
                    .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(DeadlineExceededException.class);
            try (var scope = TaskScope.open(Joiner.collect())) {
                return "cancelled: " + scope.isCancelled();
            }
        });
        HttpRequest late = request("/").header("request-timeout", "0n").build();
        assertThat(client.send(late, BodyHandlers.ofString()).body()).isEqualTo("cancelled: true");
        String answer = Deadline.within(Duration.ZERO).<String, Exception>call(() -> ask("/"));
        assertThat(answer).isEqualTo("cancelled: true");
    }

    @Test
    void aDeadlineThatIsNoneIsDroppedAndCounted() throws Exception {
        serve("/", () -> Deadline.current().toString());
        for (String text : List.of("-5S", "123456789m", "soon", "1e9H")) {
            HttpRequest request = request("/").header("request-timeout", text).build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("Deadline[never]");
        }
        assertThat(baggage.report()).isEqualTo(new BaggageReport(0, 0, 4, 0));
        HttpRequest absurd = request("/").header("request-timeout", "99999999H").build();
        assertThat(client.send(absurd, BodyHandlers.ofString()).body()).isEqualTo("Deadline[never]");
        HttpRequest twice = request("/").header("request-timeout", "1S").header("request-timeout", "1H").build();
        assertThat(client.send(twice, BodyHandlers.ofString()).body()).isEqualTo("Deadline[never]");
        assertThat(baggage.report()).isEqualTo(new BaggageReport(1, 0, 4, 0));
    }

    @Test
    void aHostileRequestIsServed() throws Exception {
        serve("/", () -> TENANT.orElse("nobody"));
        HttpRequest hostile = request("/").header("baggage", "tenant=%,;;==,\"," + "x=1,".repeat(1000))
                .header("baggage", "tenant").header("request-timeout", "%%%").build();
        assertThat(client.send(hostile, BodyHandlers.ofString()).body()).isEqualTo("nobody");
        assertThat(baggage.report().malformed()).isEqualTo(3);
        assertThat(baggage.report().beyondLimits()).isEqualTo(1);
    }
}
