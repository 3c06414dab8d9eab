package dev.scopedcontext.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.spring.support.ReactiveServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The examples of the Javadoc. */
@Timeout(60)
class ReactiveSnippetsTest {

    // @start region="opener"
    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> ID = REQUEST.key("id", String.class);

    @Configuration(proxyBeanMethods = false)
    static class Scopes {

        @Bean
        ExchangeScopeOpener session() {
            return exchange -> REQUEST.session().where(ID, exchange.getRequest().getId());
        }
    }
    // @end

    static final ContextKey<String> USER = ContextKey.named("user");

    @Configuration(proxyBeanMethods = false)
    static class UserScopes {

        // @start region="principal"
        @Bean
        PrincipalScopeOpener user() {
            return (exchange, principal) -> ScopedContext.where(USER,
                    principal == null ? "guest" : principal.getName());
        }
        // @end
    }

    // @start region="criterion"
    @Bean
    ExchangeFailureCriterion serverErrors() {
        return (exception, exchange) -> {
            HttpStatusCode status = exchange.getResponse().getStatusCode();
            return status == null || status.is5xxServerError();
        };
    }
    // @end

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        NettyReactiveWebServerFactory netty() {
            return new NettyReactiveWebServerFactory();
        }

        @Bean
        Controller controller() {
            return new Controller();
        }
    }

    @RestController
    static class Controller {

        @GetMapping("/")
        Mono<String> page() {
            return Mono.deferContextual(context -> ReactorContexts.find(context)
                    .map(snapshot -> Mono.just(snapshot.get(USER) + " " + snapshot.isBound(ID))).orElseThrow());
        }
    }

    @Test
    void examplesRun() throws Exception {
        try (ReactiveServer server = ReactiveServer.start(Everything.class)) {
            assertThat(server.get("/", "unused").body()).isEqualTo("guest true");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({Application.class, Scopes.class, UserScopes.class})
    static class Everything {
    }
}
