package dev.scopedcontext.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.spring.support.ReactiveEndings;
import dev.scopedcontext.spring.support.ReactiveEndings.Ending;
import dev.scopedcontext.spring.support.ReactiveServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Scopes of exchanges in an application on Netty, with automatic propagation. */
@Timeout(60)
class ExchangeScopeTest {

    private static final NamedContext REQUEST = NamedContext.named("request");
    private static final ContextKey<String> USER = REQUEST.key("user", String.class);
    private static final ReactiveEndings ENDINGS = new ReactiveEndings();
    private static final AtomicInteger OPENED = new AtomicInteger();
    private static final AtomicInteger CLOSED = new AtomicInteger();
    private static final ResourceKey<Object> CONNECTION = REQUEST.resource("connection", Object.class, () -> {
        OPENED.incrementAndGet();
        return new Object();
    }, connection -> {
        CLOSED.incrementAndGet();
        ENDINGS.add("closed", null);
    });

    private static volatile CountDownLatch started = new CountDownLatch(1);

    private static ReactiveServer server;

    @BeforeAll
    static void start() {
        REQUEST.onSessionExit(failure -> ENDINGS.add(USER.get(), failure));
        server = ReactiveServer.start(Application.class, "spring.reactor.context-propagation=auto");
    }

    @AfterAll
    static void stop() {
        server.close();
        Hooks.disableAutomaticContextPropagation();
    }

    @AfterEach
    void nothingElseHasEnded() {
        assertThat(ENDINGS.drain()).isEmpty();
        assertThat(OPENED).hasValue(CLOSED.get());
    }

    @Test
    void controllersReadTheKeys() throws Exception {
        for (String path : List.of("/plain", "/mono", "/flux", "/delayed", "/scheduled", "/blocking")) {
            assertThat(server.get(path, "alice").body()).as(path).isEqualTo("alice");
            assertThat(ENDINGS.next()).as(path).extracting(Ending::user, Ending::failure)
                    .containsExactly("alice", null);
        }
    }

    @Test
    void resourcesOpenOnceAndCloseAtTheEnd() throws Exception {
        int before = OPENED.get();

        assertThat(server.get("/resource", "alice").body()).isEqualTo("true");

        assertThat(ENDINGS.next().user()).isEqualTo("alice");
        assertThat(ENDINGS.next().user()).isEqualTo("closed");
        assertThat(OPENED.get() - before).isEqualTo(1);
    }

    @Test
    void hooksGetTheExceptionOfAStream() throws Exception {
        assertThat(server.get("/failing", "alice").statusCode()).isEqualTo(500);

        assertThat(ENDINGS.next().failure()).isInstanceOf(IllegalStateException.class).hasMessage("of alice");
    }

    @Test
    void hooksGetAnExceptionAfterTheFirstElements() throws Exception {
        assertThat(server.getAsync("/failing-late", "alice").handle((response, failure) -> failure).get()).isNotNull();

        assertThat(ENDINGS.next().failure()).isInstanceOf(IllegalStateException.class).hasMessage("late");
    }

    @Test
    void serverSentEventsRunInOneScope() throws Exception {
        HttpResponse<String> response = server.get("/events", "alice");

        assertThat(response.body().lines().filter(line -> !line.isEmpty())).containsExactly("data:alice 0",
                "data:alice 1", "data:alice 2");
        assertThat(ENDINGS.next().failure()).isNull();
    }

    @Test
    void hooksGetACancellationIfTheClientHasGone() throws Exception {
        started = new CountDownLatch(1);
        try (Socket socket = new Socket("localhost", server.port())) {
            write(socket, "/endless", "alice");
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        }

        Ending ending = ENDINGS.next();
        assertThat(ending.user()).isEqualTo("alice");
        assertThat(ending.failure()).isInstanceOf(CancellationException.class).hasMessage(
                "The exchange was cancelled before it was complete, for example because the client has closed the"
                        + " connection");
    }

    @Test
    void pipelinedRequestsDoNotSeeEachOther() throws Exception {
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                requests.append("GET /bound HTTP/1.1\r\nHost: localhost\r\n")
                        .append(i % 2 == 0 ? "X-User: u" + i + "\r\n" : "").append("\r\n");
            }
            out.write(requests.toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();

            String all = "";
            for (int i = 0; i < 20; i++) {
                String end = i % 2 == 0 ? "<u" + i + " u" + i + ">" : "<unbound nobody>";
                all = readUntil(socket.getInputStream(), end);
            }
            assertThat(all).doesNotContain("null");
        }
        for (int i = 0; i < 10; i++) {
            assertThat(ENDINGS.next().failure()).isNull();
        }
    }

    @Test
    void readsBodiesInTheScope() throws Exception {
        String body = "x".repeat(200_000);
        HttpResponse<String> response = java.net.http.HttpClient.newHttpClient().send(
                java.net.http.HttpRequest.newBuilder(server.uri("/body")).header("X-User", "alice")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)).build(),
                java.net.http.HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("alice 200000");
        assertThat(ENDINGS.next().failure()).isNull();
    }

    @Test
    void concurrentExchangesOfManyUsers() throws Exception {
        List<String> paths = List.of("/plain", "/mono", "/flux", "/delayed", "/scheduled", "/blocking");
        List<CompletableFuture<String>> wrong = new ArrayList<>();
        Map<String, Integer> expected = new TreeMap<>();
        for (int i = 0; i < 500; i++) {
            String user = "user-" + i % 50;
            expected.merge(user, 1, Integer::sum);
            wrong.add(server.getAsync(paths.get(i % paths.size()), user)
                    .thenApply(response -> response.body().equals(user) ? "" : user + " got " + response.body()));
        }
        assertThat(wrong).allSatisfy(answer -> assertThat(answer.get(30, TimeUnit.SECONDS)).isEmpty());
        Map<String, Integer> ended = new TreeMap<>();
        for (int i = 0; i < 500; i++) {
            Ending ending = ENDINGS.next();
            assertThat(ending.failure()).isNull();
            ended.merge(ending.user(), 1, Integer::sum);
        }
        assertThat(ended).isEqualTo(expected);
        nothingIsLeftOnThreads();
    }

    private static void nothingIsLeftOnThreads() throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(server.get("/before", "alice").headers().firstValue("X-Before")).hasValue("unbound");
            ENDINGS.next();
        }
    }

    private static void write(Socket socket, String path, String user) throws Exception {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nX-User: " + user + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String readUntil(InputStream in, String end) throws Exception {
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith(end)) {
            int next = in.read();
            assertThat(next).as(read.toString()).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        NettyReactiveWebServerFactory netty() {
            return new NettyReactiveWebServerFactory();
        }

        @Bean
        ExchangeScopeOpener session() {
            return exchange -> {
                exchange.getResponse().getHeaders().set("X-Before", USER.isBound() ? USER.get() : "unbound");
                String user = exchange.getRequest().getHeaders().getFirst("X-User");
                return user == null
                        ? ScopedContext.without()
                        : REQUEST.session().where(USER, user);
            };
        }

        @Bean
        Controller controller() {
            return new Controller();
        }
    }

    @RestController
    static class Controller {

        @GetMapping("/plain")
        String plain() {
            return USER.get();
        }

        @GetMapping("/mono")
        Mono<String> mono() {
            return Mono.fromSupplier(USER::get);
        }

        @GetMapping("/flux")
        Flux<String> flux() {
            return Flux.fromStream(() -> USER.get().chars().mapToObj(c -> String.valueOf((char) c)));
        }

        @GetMapping("/delayed")
        Mono<String> delayed() {
            return Mono.delay(Duration.ofMillis(5)).map(tick -> USER.get());
        }

        @GetMapping("/scheduled")
        Mono<String> scheduled() {
            return Mono.just("x").publishOn(Schedulers.parallel()).map(x -> USER.get())
                    .publishOn(Schedulers.boundedElastic())
                    .map(user -> user.equals(USER.get()) ? user : "wrong");
        }

        @GetMapping("/blocking")
        Mono<String> blocking() {
            return Mono.fromCallable(USER::get).subscribeOn(Schedulers.boundedElastic());
        }

        @GetMapping("/resource")
        Mono<Boolean> resource() {
            return Mono.fromSupplier(CONNECTION).publishOn(Schedulers.parallel())
                    .map(connection -> connection == CONNECTION.get());
        }

        @GetMapping("/failing")
        Mono<String> failing() {
            return Mono.delay(Duration.ofMillis(1)).map(tick -> {
                throw new IllegalStateException("of " + USER.get());
            });
        }

        @GetMapping(path = "/failing-late", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> failingLate() {
            return Flux.just(1, 2, 3).delayElements(Duration.ofMillis(1)).map(i -> {
                if (i == 3) {
                    throw new IllegalStateException("late");
                }
                return USER.get();
            });
        }

        @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> events() {
            return Flux.range(0, 3).delayElements(Duration.ofMillis(1)).map(i -> USER.get() + " " + i);
        }

        @GetMapping("/endless")
        Mono<String> endless() {
            return Mono.<String>never().doOnSubscribe(subscription -> started.countDown());
        }

        @GetMapping("/bound")
        Mono<String> bound() {
            return Mono.fromSupplier(() -> "<" + (USER.isBound() ? USER.get() : "unbound") + " "
                    + USER.orElse("nobody") + ">");
        }

        @GetMapping("/before")
        Mono<String> before() {
            return Mono.fromSupplier(USER::get);
        }

        @PostMapping("/body")
        String body(@RequestBody String body) {
            return USER.get() + " " + body.length();
        }
    }
}
