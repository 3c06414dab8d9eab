package dev.scopedcontext.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.spring.support.ReactiveEndings;
import dev.scopedcontext.spring.support.ReactiveServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.reactive.TomcatReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Scopes of exchanges in an application on Tomcat, without automatic propagation. */
@Timeout(60)
class TomcatExchangesTest {

    private static final NamedContext REQUEST = NamedContext.named("request");
    private static final ContextKey<String> USER = REQUEST.key("user", String.class);
    private static final ReactiveEndings ENDINGS = new ReactiveEndings();

    private static ReactiveServer server;

    @BeforeAll
    static void start() {
        REQUEST.onSessionExit(failure -> ENDINGS.add(USER.get(), failure));
        server = ReactiveServer.start(Application.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingElseHasEnded() {
        assertThat(ENDINGS.drain()).isEmpty();
    }

    @Test
    void codeThatDoesNotChangeThreadsReadsTheKeys() throws Exception {
        assertThat(server.get("/plain", "alice").body()).isEqualTo("alice");
        assertThat(ENDINGS.next().failure()).isNull();
        assertThat(server.get("/functional", "alice").body()).isEqualTo("alice");
        assertThat(ENDINGS.next().failure()).isNull();
    }

    @Test
    void codeOnOtherThreadsReadsTheWrittenContext() throws Exception {
        assertThat(server.get("/restored", "alice").body()).isEqualTo("unbound alice");
        assertThat(ENDINGS.next().failure()).isNull();
    }

    @Test
    void hooksGetExceptionsOfFunctionalHandlers() throws Exception {
        assertThat(server.get("/failing", "alice").statusCode()).isEqualTo(500);
        assertThat(ENDINGS.next().failure()).isInstanceOf(IllegalStateException.class).hasMessage("of alice");
    }

    @Test
    void concurrentExchanges() throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String user = "user-" + i % 20;
            String path = i % 2 == 0 ? "/plain" : "/restored";
            String expected = i % 2 == 0 ? user : "unbound " + user;
            answers.add(server.getAsync(path, user)
                    .thenApply(response -> response.body().equals(expected) ? "" : user + response.body()));
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isEmpty());
        for (int i = 0; i < 200; i++) {
            assertThat(ENDINGS.next().failure()).isNull();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        TomcatReactiveWebServerFactory tomcat() {
            return new TomcatReactiveWebServerFactory();
        }

        @Bean
        ExchangeScopeOpener session() {
            return exchange -> REQUEST.session().where(USER, exchange.getRequest().getHeaders().getFirst("X-User"));
        }

        @Bean
        RouterFunction<ServerResponse> functions() {
            return RouterFunctions.route().GET("/functional", request -> ServerResponse.ok().bodyValue(USER.get()))
                    .GET("/failing", request -> {
                        throw new IllegalStateException("of " + USER.get());
                    }).onError(IllegalStateException.class, (failure, request) -> Mono.error(failure)).build();
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

        @GetMapping("/restored")
        Mono<String> restored() {
            return Mono.delay(Duration.ofMillis(1)).map(tick -> USER.isBound() ? USER.get() : "unbound")
                    .<String>transform(ReactorContexts.restoring()).map(before -> before + " " + USER.get());
        }
    }
}
