package dev.scopedcontext.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.spring.support.ReactiveEndings;
import dev.scopedcontext.spring.support.ReactiveServer;
import java.util.concurrent.atomic.AtomicReference;
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
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Failures of exchanges, in particular those that code of the application turns into responses. */
@Timeout(60)
class ExchangeFailuresTest {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);
    private static final ReactiveEndings ENDINGS = new ReactiveEndings();
    private static final AtomicReference<String> SEEN_BY_ERROR_HANDLER = new AtomicReference<>();

    private static ReactiveServer server;

    @BeforeAll
    static void start() {
        REQUEST.onSessionExit(failure -> {
            ENDINGS.add(USER.get(), failure);
            if (USER.get().equals("with a failing hook")) {
                throw new IllegalArgumentException("of the hook");
            }
        });
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
    void hooksGetAnExceptionOfAStreamThatAnAdviceHandles() throws Exception {
        assertThat(server.get("/stream", "alice").body()).isEqualTo("handled");

        assertThat(ENDINGS.next().failure()).isInstanceOf(IllegalStateException.class).hasMessage("of the stream");
    }

    @Test
    void hooksGetAnExceptionOfAStreamThatTheControllerHandles() throws Exception {
        assertThat(server.get("/stream-local", "alice").body()).isEqualTo("handled locally");

        assertThat(ENDINGS.next().failure()).isInstanceOf(ArithmeticException.class).hasMessage("of the stream");
    }

    @Test
    void hooksGetANoticeOfAThrownExceptionThatIsHandled() throws Exception {
        assertThat(server.get("/thrown", "alice").body()).isEqualTo("handled");

        assertThat(ENDINGS.next().failure()).isInstanceOf(HandledExceptionNotice.class)
                .hasMessage("An exception was turned into a response by " + Advice.class.getName()
                        + "#handle(IllegalStateException)");
    }

    @Test
    void hooksGetANoticeOfAnInvalidRequest() throws Exception {
        assertThat(server.get("/number?n=x", "alice").body()).isEqualTo("not a number");

        assertThat(ENDINGS.next().failure()).isInstanceOf(HandledExceptionNotice.class)
                .hasMessageEndingWith("#handleInput(ServerWebInputException)");
    }

    @Test
    void hooksGetAThrownExceptionThatIsSetAsTheErrorOfTheObservation() throws Exception {
        assertThat(server.get("/observed", "alice").body()).isEqualTo("observed");

        assertThat(ENDINGS.next().failure()).isInstanceOf(UnsupportedOperationException.class).hasMessage("thrown");
    }

    @Test
    void hooksGetANoticeOfAServerError() throws Exception {
        assertThat(server.get("/unavailable", "alice").statusCode()).isEqualTo(503);

        assertThat(ENDINGS.next().failure()).isInstanceOf(HandledExceptionNotice.class)
                .hasMessage("The status of the response is 503 SERVICE_UNAVAILABLE");
    }

    @Test
    void aResponseThatTheClientIsToBlameForIsNoFailure() throws Exception {
        assertThat(server.get("/not-found", "alice").statusCode()).isEqualTo(404);

        assertThat(ENDINGS.next().failure()).isNull();
    }

    @Test
    void hooksGetExceptionsThatNobodyHandles() throws Exception {
        assertThat(server.get("/conflict", "alice").statusCode()).isEqualTo(409);
        assertThat(ENDINGS.next().failure()).isInstanceOf(ResponseStatusException.class);

        assertThat(server.get("/no-such-page", "alice").statusCode()).isEqualTo(404);
        assertThat(ENDINGS.next().failure()).isInstanceOf(ResponseStatusException.class);
    }

    @Test
    void anExceptionOfAHookComesAfterTheResponse() throws Exception {
        assertThat(server.get("/fine", "with a failing hook").body()).isEqualTo("fine");

        assertThat(ENDINGS.next().failure()).isNull();
    }

    @Test
    void exceptionsOfHooksAreSuppressedIntoTheFailure() throws Exception {
        assertThat(server.get("/conflict", "with a failing hook").statusCode()).isEqualTo(409);

        assertThat(ENDINGS.next().failure()).isInstanceOf(ResponseStatusException.class);
        assertThat(server.get("/stream", "with a failing hook").body()).isEqualTo("handled");
        Throwable failure = ENDINGS.next().failure();
        await().untilAsserted(() -> // the hook has not thrown yet
        assertThat(failure.getSuppressed()).extracting(Throwable::getMessage).contains("of the hook"));
    }

    @Test
    void errorHandlersSeeTheContext() throws Exception {
        server.get("/conflict", "alice");

        assertThat(SEEN_BY_ERROR_HANDLER).hasValue("alice alice");
        ENDINGS.next();
    }

    @Test
    void criteriaDecide() throws Exception {
        assertThat(server.get("/stream", "alice who does not mind").body()).isEqualTo("handled");
        assertThat(ENDINGS.next().failure()).isNull();

        assertThat(server.get("/stream", "alice who throws").body()).isEqualTo("handled");
        assertThat(ENDINGS.next().failure()).isInstanceOf(IllegalStateException.class).hasMessage("of the criterion");

        assertThat(server.get("/conflict", "alice who does not mind").statusCode()).isEqualTo(409);
        assertThat(ENDINGS.next().failure()).isInstanceOf(ResponseStatusException.class);
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
            return exchange -> REQUEST.session().where(USER, exchange.getRequest().getHeaders().getFirst("X-User"));
        }

        @Bean
        ExchangeFailureCriterion criterion() {
            return (exception, exchange) -> {
                String user = exchange.getRequest().getHeaders().getFirst("X-User");
                if (user.endsWith("who throws")) {
                    throw new IllegalStateException("of the criterion");
                }
                return !user.endsWith("who does not mind");
            };
        }

        @Bean
        @Order(-10)
        WebExceptionHandler errorHandler() {
            return (exchange, failure) -> Mono.deferContextual(context -> {
                String written = ReactorContexts.find(context).map(snapshot -> snapshot.get(USER)).orElse("none");
                SEEN_BY_ERROR_HANDLER.set(USER.orElse("none") + " " + written);
                return Mono.error(failure);
            });
        }

        @Bean
        Controller controller() {
            return new Controller();
        }

        @Bean
        Advice advice() {
            return new Advice();
        }
    }

    @RestController
    static class Controller {

        @GetMapping("/fine")
        String fine() {
            return "fine";
        }

        @GetMapping("/stream")
        Mono<String> stream() {
            return Mono.error(new IllegalStateException("of the stream"));
        }

        @GetMapping("/stream-local")
        Mono<String> streamLocal() {
            return Mono.error(new ArithmeticException("of the stream"));
        }

        @GetMapping("/thrown")
        Mono<String> thrown() {
            throw new IllegalStateException("thrown");
        }

        @GetMapping("/number")
        String number(@RequestParam int n) {
            return "number " + n;
        }

        @GetMapping("/observed")
        Mono<String> observed() {
            throw new UnsupportedOperationException("thrown");
        }

        @GetMapping("/unavailable")
        ResponseEntity<String> unavailable() {
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
        }

        @GetMapping("/not-found")
        ResponseEntity<String> notFound() {
            return ResponseEntity.notFound().build();
        }

        @GetMapping("/conflict")
        Mono<String> conflict() {
            throw new ResponseStatusException(HttpStatus.CONFLICT);
        }

        @ExceptionHandler
        @ResponseStatus(HttpStatus.BAD_REQUEST)
        String handle(ArithmeticException failure) {
            return "handled locally";
        }
    }

    @RestControllerAdvice
    static class Advice {

        @ExceptionHandler
        @ResponseStatus(HttpStatus.BAD_REQUEST)
        String handle(IllegalStateException failure) {
            return "handled";
        }

        @ExceptionHandler
        @ResponseStatus(HttpStatus.BAD_REQUEST)
        String handleInput(ServerWebInputException failure) {
            return "not a number";
        }

        @ExceptionHandler
        @ResponseStatus(HttpStatus.BAD_REQUEST)
        String handleObserved(UnsupportedOperationException failure, ServerWebExchange exchange) {
            ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                    .ifPresent(observation -> observation.setError(failure));
            return "observed";
        }
    }
}
