package dev.scopedcontext.spring.documents;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.spring.bean.ContextScoped;
import dev.scopedcontext.spring.client.BaggageDestinations;
import dev.scopedcontext.spring.servlet.FailureCriterion;
import dev.scopedcontext.spring.servlet.RequestScopeOpener;
import dev.scopedcontext.spring.task.NoHandOff;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** The examples of docs/guide/spring-boot.md for a servlet application. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
        "spring.reactor.context-propagation=auto", "spring.autoconfigure.exclude="
                + "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration,"
                + "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration,"
                + "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration,"
                + "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration,"
                + "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration"})
@Timeout(60)
class SpringBootPageTest {

    static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");
    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class, key -> key.mirror(MdcMirror.to("user")));

    @Configuration
    static class RequestContext {

        @Bean
        @Order(1)
        RequestScopeOpener requestId() {
            return request -> ScopedContext.where(REQUEST_ID,
                    REQUEST_ID.find().orElseGet(() -> UUID.randomUUID().toString()));
        }

        // @start region="header"
        @Bean
        @Order(2)
        RequestScopeOpener session() {
            return request -> REQUEST.session().where(USER, request.getHeader("X-User"));
        }
        // @end

        // @start region="named"
        @Bean
        NamedContext request() {
            return REQUEST;
        }
        // @end
    }

    @Configuration
    static class Failures {

        // @start region="criterion"
        @Bean
        FailureCriterion failures() {
            return (failure, request) -> !(failure instanceof NoSuchElementException);
        }
        // @end
    }

    static final BlockingQueue<String> log = new LinkedBlockingQueue<>();

    static {
        // @start region="hook"
        REQUEST.onSessionExit(failure -> log.add(failure == null ? "commit" : "roll back: " + failure.getMessage()));
        // @end
    }

    @RestController
    static class Shop {

        private final Mail mail;
        private final Basket basket;
        private final Prices prices;

        Shop(Mail mail, Basket basket, Prices prices) {
            this.mail = mail;
            this.basket = basket;
            this.prices = prices;
        }

        @GetMapping("/log")
        String log() {
            return MDC.get("user");
        }

        @GetMapping("/orders/{item}")
        String order(@PathVariable String item) {
            throw new IllegalStateException("no " + item + " left");
        }

        // @start region="handler"
        @ExceptionHandler
        @ResponseStatus(HttpStatus.CONFLICT)
        String refuse(IllegalStateException failure) { // the hooks get the failure too
            return failure.getMessage();
        }
        // @end

        @GetMapping("/find/{item}")
        String find(@PathVariable String item) {
            throw new NoSuchElementException("no " + item);
        }

        @ExceptionHandler
        @ResponseStatus(HttpStatus.NOT_FOUND)
        String refuse(NoSuchElementException failure) {
            return failure.getMessage();
        }

        @GetMapping("/mail")
        String mail() {
            return mail.write().join();
        }

        @GetMapping("/basket/{item}")
        List<String> put(@PathVariable String item) {
            basket.put(item);
            basket.put("a bag");
            return basket.items();
        }

        // @start region="reactor"
        @GetMapping("/greeting")
        Mono<String> greeting() {
            return Mono.delay(Duration.ofMillis(10)).map(waited -> "Hello " + USER.get()); // on another thread
        }
        // @end

        @GetMapping("/total")
        String total() {
            return REQUEST_ID.get() + " " + prices.ask();
        }

        @GetMapping("/price")
        String price() {
            return REQUEST_ID.get();
        }
    }

    // @start region="async"
    @Configuration
    @EnableAsync // without it, the method runs on the thread of its caller
    static class Tasks {
    }

    @Service
    static class Mail {

        @Async
        CompletableFuture<String> write() {
            return CompletableFuture.completedFuture("Dear " + USER.get()); // the user of the caller
        }
    }
    // @end

    @Configuration
    static class OwnExecutors {

        // @start region="noHandOff"
        @Bean
        @NoHandOff
        ExecutorService metrics() {
            return Executors.newSingleThreadExecutor();
        }
        // @end
    }

    // @start region="bean"
    @Component
    @ContextScoped("request")
    static class Basket {

        private final List<String> items = new ArrayList<>();

        void put(String item) {
            items.add(item);
        }

        List<String> items() {
            return List.copyOf(items);
        }
    }
    // @end

    // @start region="client"
    @Configuration
    static class Services {

        @Bean
        ContextBaggage baggage() {
            return ContextBaggage.builder().member("request-id", REQUEST_ID).build();
        }

        @Bean
        RestClient services(RestClient.Builder builder) {
            return builder.build(); // sends the baggage
        }
    }
    // @end

    static class Destinations {

        // @start region="destinations"
        @Bean
        BaggageDestinations own() {
            return uri -> "prices.shop.example".equals(uri.getHost());
        }
        // @end
    }

    @Test
    void onlyOwnServicesGetTheBaggage() {
        BaggageDestinations own = new Destinations().own();
        assertThat(own.includes(URI.create("https://prices.shop.example/tea"))).isTrue();
        assertThat(own.includes(URI.create("https://example.org/tea"))).isFalse();
    }

    @Component
    static class Prices {

        private final RestClient client;
        private final Environment environment;

        Prices(RestClient client, Environment environment) {
            this.client = client;
            this.environment = environment;
        }

        String ask() {
            return client.get().uri("http://localhost:" + environment.getProperty("local.server.port") + "/price")
                    .header("X-User", "prices").retrieve().body(String.class);
        }
    }

    @EnableAutoConfiguration
    @Configuration
    @Import({RequestContext.class, Failures.class, Services.class, Tasks.class, OwnExecutors.class, Shop.class,
            Mail.class, Basket.class, Prices.class})
    static class Application {
    }

    @LocalServerPort
    private int port;

    @AfterAll
    static void withoutAutomaticPropagation() {
        Hooks.disableAutomaticContextPropagation();
    }

    @AfterEach
    void nothingElseHasEnded() {
        assertThat(log).isEmpty();
    }

    @Test
    void aRequestIsServedInASession() throws Exception {
        assertThat(ask("/log").body()).isEqualTo("alice");
        assertThat(ended()).isEqualTo("commit");
    }

    @Test
    void aFailureThatBecomesAResponseReachesTheHook() throws Exception {
        HttpResponse<String> answer = ask("/orders/tea");
        assertThat(List.of(answer.statusCode(), answer.body())).isEqualTo(List.of(409, "no tea left"));
        assertThat(ended()).isEqualTo("roll back: no tea left");
    }

    @Test
    void anExceptionThatIsNoFailureDoesNotReachTheHook() throws Exception {
        HttpResponse<String> answer = ask("/find/tea");
        assertThat(List.of(answer.statusCode(), answer.body())).isEqualTo(List.of(404, "no tea"));
        assertThat(ended()).isEqualTo("commit");
    }

    @Test
    void anAsyncMethodSeesTheUser() throws Exception {
        assertThat(ask("/mail").body()).isEqualTo("Dear alice");
        assertThat(ended()).isEqualTo("commit");
    }

    @Test
    void eachRequestHasABasket() throws Exception {
        for (String item : List.of("tea", "milk")) {
            assertThat(ask("/basket/" + item).body()).isEqualTo("[\"" + item + "\",\"a bag\"]");
            assertThat(ended()).isEqualTo("commit");
        }
    }

    @Test
    void operatorsSeeTheUser() throws Exception {
        assertThat(ask("/greeting").body()).isEqualTo("Hello alice");
        assertThat(ended()).isEqualTo("commit");
    }

    @Test
    void anotherServiceGetsTheId() throws Exception {
        assertThat(ask("/total").body()).matches("([\\w-]{36}) \\1");
        assertThat(List.of(ended(), ended())).containsOnly("commit");
    }

    private HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("X-User", "alice").build(), BodyHandlers.ofString());
    }

    private static String ended() throws InterruptedException {
        return log.poll(1, MINUTES);
    }
}
