package dev.scopedcontext.spring.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.ContextBaggage;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.spring.servlet.RequestScopeOpener;
import dev.scopedcontext.spring.support.ReactiveServer;
import dev.scopedcontext.task.Deadline;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** Baggage between a servlet application and a WebFlux application, which call each other. */
@Timeout(60)
class BaggageOfServletsTest {

    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<String> OWN = ContextKey.named("own");

    private static ReactiveServer reactive;
    private static ConfigurableApplicationContext servlets;

    @BeforeAll
    static void start() {
        reactive = ReactiveServer.start(Reactive.class);
        String security = "org.springframework.boot.security.autoconfigure.";
        servlets = new SpringApplicationBuilder(Servlets.class).web(WebApplicationType.SERVLET)
                .bannerMode(Banner.Mode.OFF).properties("server.port=0", "logging.level.root=off",
                        "spring.autoconfigure.exclude=" + security + "SecurityAutoConfiguration," + security
                                + "UserDetailsServiceAutoConfiguration," + security
                                + "web.servlet.SecurityFilterAutoConfiguration," + security
                                + "web.servlet.ServletWebSecurityAutoConfiguration")
                .run();
    }

    @AfterAll
    static void stop() {
        servlets.close();
        reactive.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest-client", "rest-template", "web-client"})
    void fromServletsToWebFluxAndBack(String client) throws Exception {
        assertThat(get("/" + client + "?to=" + reactive.port() + "&back=" + port(), "baggage", "tenant=acme,x=1",
                "request-timeout", "1M")).isEqualTo("acme true own acme [tenant=acme,x=1]");
    }

    @Test
    void malformedHeadersAreLeftOut() throws Exception {
        assertThat(get("/page", "baggage", ",=,tenant=a b;;", "request-timeout", "soon"))
                .isEqualTo("none false own none [,=,tenant=a b;;]");
    }

    @Test
    void concurrentRequestsKeepTheirValues() {
        List<CompletableFuture<String>> wrong = new ArrayList<>();
        List<String> clients = List.of("rest-client", "rest-template", "web-client");
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < 90; i++) {
            String path = "/" + clients.get(i % 3) + "?to=" + reactive.port() + "&back=" + port();
            String expected = "t" + i + " false own t" + i + " [tenant=t" + i + "]";
            wrong.add(client.sendAsync(request(path, "baggage", "tenant=t" + i), BodyHandlers.ofString())
                    .thenApply(response -> response.body().equals(expected) ? "" : expected + ": " + response.body()));
        }
        assertThat(wrong).allSatisfy(answer -> assertThat(answer.join()).isEmpty());
    }

    private static String get(String path, String... headers) throws Exception {
        return HttpClient.newHttpClient().send(request(path, headers), BodyHandlers.ofString()).body();
    }

    private static HttpRequest request(String path, String... headers) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path)).headers(headers).build();
    }

    private static int port() {
        return servlets.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class Declared {

        @Bean
        ContextBaggage baggage() {
            return ContextBaggage.builder().member("tenant", TENANT)
                    .header("request-timeout", Deadline.KEY, Deadline::toTimeout, Deadline::ofTimeout).build();
        }
    }

    @EnableAutoConfiguration
    static class Servlets extends Declared {

        @Bean
        TomcatServletWebServerFactory tomcat() {
            return new TomcatServletWebServerFactory();
        }

        @Bean
        RequestScopeOpener inside() {
            return request -> ScopedContext.where(OWN, "own " + TENANT.orElse("none"));
        }

        @Bean
        Pages pages(RestClient.Builder client, RestTemplateBuilder template, WebClient.Builder webClient) {
            return new Pages(client.build(), template.build(), webClient.build());
        }
    }

    @RestController
    static class Pages {

        private final RestClient client;
        private final RestTemplate template;
        private final WebClient webClient;

        Pages(RestClient client, RestTemplate template, WebClient webClient) {
            this.client = client;
            this.template = template;
            this.webClient = webClient;
        }

        @GetMapping("/page")
        String page(HttpServletRequest request) {
            return TENANT.orElse("none") + " " + Deadline.KEY.isBound() + " " + OWN.get() + " ["
                    + request.getHeader("baggage") + "]";
        }

        @GetMapping("/rest-client")
        String restClient(@RequestParam int to, @RequestParam int back) {
            return client.get().uri(relay(to, back)).retrieve().body(String.class);
        }

        @GetMapping("/rest-template")
        String restTemplate(@RequestParam int to, @RequestParam int back) {
            return template.getForObject(relay(to, back), String.class);
        }

        @GetMapping("/web-client")
        Mono<String> webClient(@RequestParam int to, @RequestParam int back) {
            return webClient.get().uri(relay(to, back)).retrieve().bodyToMono(String.class);
        }

        private static URI relay(int to, int back) {
            return URI.create("http://localhost:" + to + "/relay?to=" + back);
        }
    }

    @EnableAutoConfiguration
    static class Reactive extends Declared {

        @Bean
        NettyReactiveWebServerFactory netty() {
            return new NettyReactiveWebServerFactory();
        }

        @Bean
        Relay relay(WebClient.Builder client) {
            return new Relay(client.build());
        }
    }

    @RestController
    static class Relay {

        private final WebClient client;

        Relay(WebClient client) {
            this.client = client;
        }

        @GetMapping("/relay")
        Mono<String> relay(@RequestParam int to) {
            return Mono.deferContextual(context -> ReactorContexts.find(context).orElseThrow().isBound(TENANT)
                    ? client.get().uri("http://localhost:" + to + "/page").retrieve().bodyToMono(String.class)
                    : Mono.just("no tenant"));
        }
    }
}
