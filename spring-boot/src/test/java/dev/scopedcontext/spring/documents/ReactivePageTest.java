package dev.scopedcontext.spring.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.spring.reactive.ExchangeScopeOpener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** The examples of docs/guide/spring-boot.md for WebFlux. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"spring.main.web-application-type=reactive",
        "spring.reactor.context-propagation=auto", "spring.autoconfigure.exclude="
                + "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration,"
                + "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration"})
@Timeout(60)
class ReactivePageTest {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);

    @Configuration
    static class Scopes {

        // @start region="opener"
        @Bean
        ExchangeScopeOpener exchangeSession() {
            return exchange -> REQUEST.session()
                    .where(USER, exchange.getRequest().getHeaders().getFirst("X-User"));
        }
        // @end

        @Bean
        NettyReactiveWebServerFactory netty() {
            return new NettyReactiveWebServerFactory();
        }
    }

    @RestController
    static class Pages {

        @GetMapping("/")
        Mono<String> page() {
            return Mono.delay(Duration.ofMillis(10)).map(waited -> "Hello " + USER.get());
        }
    }

    @EnableAutoConfiguration
    @Configuration
    @Import({Scopes.class, Pages.class})
    static class Application {
    }

    @LocalServerPort
    private int port;

    @AfterAll
    static void withoutAutomaticPropagation() {
        Hooks.disableAutomaticContextPropagation();
    }

    @Test
    void operatorsSeeTheUser() throws Exception {
        assertThat(HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
                .header("X-User", "alice").build(), BodyHandlers.ofString()).body()).isEqualTo("Hello alice");
    }
}
