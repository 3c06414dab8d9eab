package dev.scopedcontext.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.spring.support.ReactiveEndings;
import dev.scopedcontext.spring.support.ReactiveEndings.Ending;
import dev.scopedcontext.spring.support.ReactiveServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Scopes before and after Spring Security. */
@Timeout(60)
class PrincipalScopeTest {

    private static final NamedContext REQUEST = NamedContext.named("request");
    private static final ContextKey<String> ID = REQUEST.key("id", String.class);
    private static final NamedContext LOGIN = NamedContext.named("login");
    private static final ContextKey<String> USER = LOGIN.key("user", String.class);
    private static final ContextKey<String> GREETING = ContextKey.named("greeting");
    private static final ReactiveEndings ENDINGS = new ReactiveEndings();

    private static ReactiveServer server;

    @BeforeAll
    static void start() {
        REQUEST.onSessionExit(failure -> ENDINGS.add(ID.get(), failure));
        LOGIN.onSessionExit(failure -> ENDINGS.add(USER.get() + " in " + ID.get(), failure));
        server = ReactiveServer.startWithSecurity(Application.class);
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
    void theInnerScopeKnowsTheUserAndEndsFirst() throws Exception {
        assertThat(get("/page", "alice", "1").body()).isEqualTo("hello alice 1");

        assertThat(List.of(ENDINGS.next(), ENDINGS.next())).extracting(Ending::user, Ending::failure)
                .containsExactly(tuple("alice in 1", null),
                        tuple("1", null));
    }

    @Test
    void theOuterScopeIsOpenForRefusedRequests() throws Exception {
        assertThat(get("/page", "mallory", "2").statusCode()).isEqualTo(401);

        assertThat(ENDINGS.next().user()).isEqualTo("2");
    }

    @Test
    void theUserIsNullIfThereIsNone() throws Exception {
        assertThat(get("/public", null, "3").body()).isEqualTo("hello guest 3");

        assertThat(ENDINGS.next().user()).isEqualTo("guest in 3");
        assertThat(ENDINGS.next().user()).isEqualTo("3");
    }

    @Test
    void hooksGetAnExceptionThatSpringSecurityTurnsIntoAResponse() throws Exception {
        assertThat(get("/denied", "alice", "4").statusCode()).isEqualTo(403);

        assertThat(ENDINGS.next().failure()).isInstanceOf(AccessDeniedException.class).hasMessage("not you");
        Ending outer = ENDINGS.next();
        assertThat(outer.user()).isEqualTo("4");
        assertThat(outer.failure()).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void concurrentUsers() throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String user = i % 2 == 0 ? "alice" : "bob";
            String expected = "hello " + user + " " + i;
            answers.add(HttpClient.newHttpClient().sendAsync(request("/page", user, "" + i), BodyHandlers.ofString())
                    .thenApply(response -> response.body().equals(expected) ? "" : expected + response.body()));
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isEmpty());
        for (int i = 0; i < 200; i++) {
            assertThat(ENDINGS.next().failure()).isNull();
        }
    }

    private static HttpResponse<String> get(String path, String user, String id) throws Exception {
        return HttpClient.newHttpClient().send(request(path, user, id), BodyHandlers.ofString());
    }

    private static HttpRequest request(String path, String user, String id) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path)).header("X-Id", id);
        return user == null
                ? request.build()
                : request.header("Authorization", "Basic "
                        + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8)))
                        .build();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        NettyReactiveWebServerFactory netty() {
            return new NettyReactiveWebServerFactory();
        }

        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(all -> all.pathMatchers("/public").permitAll().anyExchange().authenticated())
                    .httpBasic(Customizer.withDefaults()).build();
        }

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(user("alice"), user("bob"));
        }

        private static UserDetails user(String name) {
            return User.withUsername(name).password("{noop}secret").roles("USER").build();
        }

        @Bean
        ExchangeScopeOpener session() {
            return exchange -> REQUEST.session().where(ID, exchange.getRequest().getHeaders().getFirst("X-Id"));
        }

        @Bean
        @Order(2)
        PrincipalScopeOpener greeting() {
            return (exchange, user) -> ScopedContext.where(GREETING, "hello " + USER.get() + " " + ID.get());
        }

        @Bean
        @Order(1)
        PrincipalScopeOpener login() {
            return (exchange, user) -> LOGIN.session().where(USER, user == null ? "guest" : user.getName());
        }

        @Bean
        Controller controller() {
            return new Controller();
        }
    }

    @RestController
    static class Controller {

        @GetMapping({"/page", "/public"})
        Mono<String> page() {
            return Mono.delay(Duration.ofMillis(ThreadLocalRandom.current().nextInt(5)))
                    .then(Mono.deferContextual(context -> Mono.just(ReactorContexts.find(context).orElseThrow()
                            .get(GREETING))));
        }

        @GetMapping("/denied")
        Mono<String> denied() {
            return Mono.error(new AccessDeniedException("not you"));
        }
    }
}
