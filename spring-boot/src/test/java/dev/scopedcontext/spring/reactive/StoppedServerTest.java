package dev.scopedcontext.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.spring.support.ReactiveEndings;
import dev.scopedcontext.spring.support.ReactiveEndings.Ending;
import dev.scopedcontext.spring.support.ReactiveServer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** An exchange that is open when the application stops without waiting for it. */
@Timeout(60)
class StoppedServerTest {

    private static final NamedContext OUTER = NamedContext.named("outer");
    private static final NamedContext INNER = NamedContext.named("inner");
    private static final ReactiveEndings ENDINGS = new ReactiveEndings();
    private static final CountDownLatch STARTED = new CountDownLatch(1);

    @Test
    void hooksGetACancellationWhileBeansAreAlive() throws Exception {
        ReactiveServer server = ReactiveServer.start(Application.class, "server.shutdown=immediate");
        Pool pool = server.context().getBean(Pool.class);
        OUTER.onSessionExit(failure -> ENDINGS.add(pool.closed ? "outer, too late" : "outer", failure));
        INNER.onSessionExit(failure -> ENDINGS.add(pool.closed ? "inner, too late" : "inner", failure));
        assertThat(server.getAsync("/endless", "alice")).isNotCompleted();
        assertThat(STARTED.await(20, TimeUnit.SECONDS)).isTrue();

        server.close();

        assertThat(pool.closed).isTrue();
        List<Ending> endings = ENDINGS.drain();
        assertThat(endings).extracting(Ending::user).containsExactly("inner", "outer");
        assertThat(endings).extracting(Ending::failure).allSatisfy(failure -> assertThat(failure)
                .isInstanceOf(CancellationException.class)
                .hasMessage("The application was stopped before the exchange was complete"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        NettyReactiveWebServerFactory netty() {
            return new NettyReactiveWebServerFactory();
        }

        @Bean
        ExchangeScopeOpener outer() {
            return exchange -> OUTER.session();
        }

        @Bean
        PrincipalScopeOpener inner() {
            return (exchange, user) -> INNER.session();
        }

        @Bean
        Pool pool() {
            return new Pool();
        }

        @Bean
        Controller controller() {
            return new Controller();
        }
    }

    static final class Pool implements AutoCloseable {

        private volatile boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    @RestController
    static class Controller {

        @GetMapping("/endless")
        Mono<String> endless() {
            return Mono.<String>never().doOnSubscribe(subscription -> STARTED.countDown());
        }
    }
}
