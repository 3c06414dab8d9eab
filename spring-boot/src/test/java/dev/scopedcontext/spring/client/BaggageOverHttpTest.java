package dev.scopedcontext.spring.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.spring.reactive.ExchangeScopeOpener;
import dev.scopedcontext.spring.support.ReactiveServer;
import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.DeadlineExceededException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.RequestEntity;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Baggage from one application to another, with each client. */
@Timeout(60)
class BaggageOverHttpTest {

    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");
    private static final ContextKey<String> OWN = ContextKey.named("own");

    /** The application that is called, and that calls others. */
    private static ReactiveServer service;

    /** An application that only calls. */
    private static ConfigurableApplicationContext caller;

    @BeforeAll
    static void start() {
        service = ReactiveServer.start(Service.class);
        caller = new SpringApplicationBuilder(Caller.class).web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF).properties("logging.level.root=off").run();
    }

    @AfterAll
    static void stop() {
        caller.close();
        service.close();
    }

    private static URI page(String path) {
        return service.uri(path);
    }

    @Test
    void restClient() {
        RestClient client = caller.getBean(RestClient.Builder.class).build();

        assertThat(bound(() -> client.get().uri(page("/page")).retrieve().body(String.class)))
                .isEqualTo("Café r-17 true own Café");
        assertThat(client.get().uri(page("/page")).retrieve().body(String.class)).isEqualTo("none none false own none");
    }

    @Test
    void restClientStreamsABody() {
        RestClient client = caller.getBean(RestClient.Builder.class).build();

        assertThat(bound(() -> client.post().uri(page("/body")).body(new ByteArrayResource(new byte[100_000]))
                .httpRequest(request -> assertThat(request).isInstanceOf(StreamingHttpOutputMessage.class))
                .retrieve().body(String.class))).isEqualTo("[tenant=Caf%C3%A9] 100000");
    }

    @Test
    void webClientDoesNotSendARequestAfterItsDeadline() {
        WebClient client = caller.getBean(WebClient.Builder.class).build();
        Mono<String> call = Deadline.within(Duration.ZERO)
                .call(() -> client.get().uri(page("/page")).retrieve().bodyToMono(String.class));

        assertThatThrownBy(call::block).isInstanceOf(DeadlineExceededException.class)
                .hasMessageStartingWith("The deadline passed ");
    }

    @Test
    void restTemplate() {
        var template = caller.getBean(RestTemplateBuilder.class).build();

        assertThat(bound(() -> template.getForObject(page("/page"), String.class)))
                .isEqualTo("Café r-17 true own Café");
        assertThat(template.getForObject(page("/page"), String.class)).isEqualTo("none none false own none");
    }

    @Test
    void webClientOfBlockingCode() {
        WebClient client = caller.getBean(WebClient.Builder.class).build();

        assertThat(bound(() -> client.get().uri(page("/page")).retrieve().bodyToMono(String.class).block()))
                .isEqualTo("Café r-17 true own Café");
        assertThat(client.get().uri(page("/page")).retrieve().bodyToMono(String.class).block())
                .isEqualTo("none none false own none");
    }

    @Test
    void webClientThatTriesAgainOnAnotherThread() {
        AtomicBoolean refused = new AtomicBoolean();
        WebClient client = caller.getBean(WebClient.Builder.class).build().mutate().filter((request, next) -> refused
                .compareAndSet(false, true) ? Mono.error(new IllegalStateException("again")) : next.exchange(request))
                .build();

        assertThat(bound(() -> client.get().uri(page("/page")).retrieve().bodyToMono(String.class)
                .retryWhen(Retry.fixedDelay(1, Duration.ofMillis(1))).block())).isEqualTo("Café r-17 true own Café");
    }

    @Test
    void webClientTakesTheContextOfTheSubscriber() {
        WebClient client = caller.getBean(WebClient.Builder.class).build();
        Mono<String> call = client.get().uri(page("/page")).retrieve().bodyToMono(String.class);

        String answer = ScopedContext.where(TENANT, "of the thread").call(() -> Mono.delay(Duration.ofMillis(1))
                .then(call).contextWrite(ReactorContexts.writing(ScopedContext.where(TENANT, "of the subscriber")
                        .call(ScopedContext::capture)))
                .block());

        assertThat(answer).startsWith("of the subscriber none");
    }

    @Test
    void aServicePassesOnWhatItHasReceived() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(page("/relay?to=" + service.port()))
                .header("baggage", "tenant=Caf%C3%A9,unknown=1").header("x-request-id", "r-17")
                .header("request-timeout", "1M").build();

        assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
                .isEqualTo("Café r-17 true own Café [tenant=Caf%C3%A9,unknown=1]");
    }

    @Test
    void concurrentRelaysKeepTheirValues() {
        HttpClient client = HttpClient.newHttpClient();
        List<String> wrong = IntStream.range(0, 200).mapToObj(i -> {
            HttpRequest request = HttpRequest.newBuilder(page("/relay?to=" + service.port()))
                    .header("baggage", "tenant=t" + i).build();
            String expected = "t" + i + " none false own t" + i + " [tenant=t" + i + "]";
            return client.sendAsync(request, BodyHandlers.ofString())
                    .thenApply(response -> response.body().equals(expected) ? "" : i + " " + response.body());
        }).toList().stream().map(CompletableFuture::join).filter(text -> !text.isEmpty()).toList();

        assertThat(wrong).isEmpty();
    }

    @Test
    void malformedHeadersAreLeftOut() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(page("/page")).header("baggage", "=,,tenant=a b;;,%%%")
                .header("x-request-id", "one").header("x-request-id", "two").header("request-timeout", "soon").build();

        assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body())
                .isEqualTo("none none false own none");
        assertThat(service.context().getBean(ContextBaggage.class).report().malformed()).isPositive();
    }

    @Test
    void valuesOfOtherLibrariesAreMerged() {
        RestClient client = caller.getBean(RestClient.Builder.class).build();
        var template = caller.getBean(RestTemplateBuilder.class).build();
        WebClient webClient = caller.getBean(WebClient.Builder.class).build();
        String merged = "[tenant=Caf%C3%A9,theirs=1]";

        assertThat(bound(() -> client.get().uri(page("/headers")).header("baggage", "theirs=1,tenant=old").retrieve()
                .body(String.class))).isEqualTo(merged);
        assertThat(bound(() -> template.exchange(RequestEntity.get(page("/headers"))
                .header("baggage", "theirs=1,tenant=old").build(), String.class).getBody())).isEqualTo(merged);
        assertThat(bound(() -> webClient.get().uri(page("/headers")).header("baggage", "theirs=1,tenant=old")
                .retrieve().bodyToMono(String.class).block())).isEqualTo(merged);
    }

    @Test
    void otherDestinationsGetNothing() {
        URI other = URI.create(page("/headers").toString().replace("localhost", "127.0.0.1"));
        RestClient client = caller.getBean(RestClient.Builder.class).build();
        var template = caller.getBean(RestTemplateBuilder.class).build();
        WebClient webClient = caller.getBean(WebClient.Builder.class).build();

        assertThat(bound(() -> client.get().uri(other).retrieve().body(String.class))).isEqualTo("[]");
        assertThat(bound(() -> template.getForObject(other, String.class))).isEqualTo("[]");
        assertThat(bound(() -> webClient.get().uri(other).retrieve().bodyToMono(String.class).block()))
                .isEqualTo("[]");
    }

    private static <R> R bound(CallableOp<R, RuntimeException> op) {
        return Deadline.within(Duration.ofMinutes(1)).where(TENANT, "Café").where(REQUEST_ID, "r-17")
                .<R, RuntimeException>call(op);
    }

    private static ContextBaggage declared() {
        return ContextBaggage.builder().member("tenant", TENANT).header("x-request-id", REQUEST_ID)
                .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout).build();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Caller {

        @Bean
        ContextBaggage baggage() {
            return declared();
        }

        @Bean
        BaggageDestinations localhost() {
            return uri -> uri.getHost().equals("localhost");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Service {

        @Bean
        NettyReactiveWebServerFactory netty() {
            return new NettyReactiveWebServerFactory();
        }

        @Bean
        ContextBaggage baggage() {
            return declared();
        }

        @Bean
        ExchangeScopeOpener inside() {
            return exchange -> ScopedContext.where(OWN, "own " + TENANT.orElse("none"));
        }

        @Bean
        Controller controller(WebClient.Builder client) {
            return new Controller(client.build());
        }
    }

    @RestController
    static class Controller {

        private final WebClient client;

        Controller(WebClient client) {
            this.client = client;
        }

        @GetMapping("/page")
        Mono<String> page() {
            return Mono.deferContextual(context -> Mono.just(ReactorContexts.find(context).orElseThrow()
                    .call(() -> TENANT.orElse("none") + " " + REQUEST_ID.orElse("none") + " " + Deadline.KEY.isBound()
                            + " "
                            + OWN.get())));
        }

        @GetMapping("/headers")
        String headers(ServerWebExchange exchange) {
            return exchange.getRequest().getHeaders().getOrDefault("baggage", List.of()).toString();
        }

        @PostMapping("/body")
        String body(ServerWebExchange exchange, @RequestBody byte[] body) {
            return headers(exchange) + " " + body.length;
        }

        @GetMapping("/relay")
        Mono<String> relay(@RequestParam int to) {
            String host = "http://localhost:" + to;
            return Mono.delay(Duration.ofMillis(1))
                    .then(client.get().uri(host + "/page").retrieve().bodyToMono(String.class))
                    .zipWith(client.get().uri(host + "/headers").retrieve().bodyToMono(String.class),
                            (page, headers) -> page + " " + headers);
        }
    }
}
