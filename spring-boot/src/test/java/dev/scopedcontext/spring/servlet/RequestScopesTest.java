package dev.scopedcontext.spring.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.spring.support.ServletApplication;
import dev.scopedcontext.spring.support.ServletApplication.Answer;
import dev.scopedcontext.spring.support.ServletKind;
import dev.scopedcontext.spring.support.ServletSessions;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** The scopes around the requests of an application, and their ends. */
@ParameterizedClass
@MethodSource("dev.scopedcontext.spring.support.ServletKind#all")
class RequestScopesTest {

    static final ContextKey<String> NONCE = ContextKey.named("nonce");
    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> ID = REQUEST.key("id", String.class);
    static final ServletSessions SESSIONS = new ServletSessions();

    static {
        REQUEST.onSessionExit(failure -> SESSIONS.ended(ID.get(), failure));
    }

    static volatile CompletableFuture<String> never = new CompletableFuture<>();

    private static ServletApplication application;

    @Parameter
    ServletKind kind;

    /** The id of the request of each test. */
    private final String id = UUID.randomUUID().toString();

    @BeforeParameterizedClassInvocation
    static void start(ServletKind kind) {
        never = new CompletableFuture<>();
        application = ServletApplication.start(kind, App.class, "server.error.include-message=always");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        never.cancel(true);
        application.close();
    }

    private Answer get(String path) throws Exception {
        return application.get(path, "X-Id", id);
    }

    @Test
    void aControllerIsInTheScopes() throws Exception {
        assertThat(get("/read")).isEqualTo(new Answer(200, "read " + id + " written " + id));
        assertThat(SESSIONS.failureOf(id)).isNull();
        SESSIONS.assertNoMore(id);
    }

    @Test
    void theFirstOpenerIsTheOutermost() throws Exception {
        assertThat(get("/nonce").body()).startsWith("nonce seen by the second opener: true");
    }

    @Test
    void theResultOfACallableIsWrittenInTheScopes() throws Exception {
        assertThat(get("/callable")).isEqualTo(new Answer(200, "callable written " + id));
        assertThat(SESSIONS.failureOf(id)).isNull();
        SESSIONS.assertNoMore(id);
    }

    @Test
    void soIsADeferredResult() throws Exception {
        assertThat(get("/deferred")).isEqualTo(new Answer(200, "deferred written " + id));
        assertThat(SESSIONS.failureOf(id)).isNull();
        SESSIONS.assertNoMore(id);
    }

    @Test
    void soIsTheResultOfATaskThatTimesOut() throws Exception {
        assertThat(get("/timeout")).isEqualTo(new Answer(200, "late " + id + " written " + id));
        assertThat(SESSIONS.failureOf(id)).isInstanceOf(TimeoutException.class);
        SESSIONS.assertNoMore(id);
    }

    @Test
    void soIsADeferredResultThatTimesOut() throws Exception {
        assertThat(get("/deferred-timeout")).isEqualTo(new Answer(200, "late " + id + " written " + id));
        assertThat(SESSIONS.failureOf(id)).isInstanceOf(TimeoutException.class);
        SESSIONS.assertNoMore(id);
    }

    @Test
    void aStreamedBodyEndsTheScopesAfterIt() throws Exception {
        assertThat(get("/stream")).isEqualTo(new Answer(200, "streamed by " + id));
        assertThat(SESSIONS.failureOf(id)).isNull();
        SESSIONS.assertNoMore(id);
    }

    @Test
    void soDoEvents() throws Exception {
        assertThat(get("/events")).isEqualTo(new Answer(200, "data:one\n\ndata:two\n\n"));
        assertThat(SESSIONS.failureOf(id)).isNull();
        SESSIONS.assertNoMore(id);
    }

    @Test
    void anErrorPageHasTheValuesOfTheRequest() throws Exception {
        Answer answer = get("/status");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).startsWith("error page of " + id + " same nonce true");
    }

    @Test
    void soHasThatOfAnException() throws Exception {
        Answer answer = get("/throw");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).startsWith("error page of " + id + " same nonce true");
        assertThat(SESSIONS.failureOf(id)).hasRootCauseMessage("thrown");
        assertThat(SESSIONS.failureOf(id)).as("the session of the error page").isNull();
        SESSIONS.assertNoMore(id);
    }

    @Test
    void anErrorPageHasNoScopeOfAnOpenerThatHasThrown() throws Exception {
        Answer answer = application.get("/read");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).startsWith("error page of nobody same nonce true");
    }

    @Test
    void aClientThatHasGoneEndsTheScopes() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), application.port())) {
            socket.getOutputStream().write(("GET /endless HTTP/1.1\r\nHost: localhost\r\nX-Id: " + id + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            socket.setSoLinger(true, 0); // closes with a reset
        }
        assertThat(SESSIONS.failureOf(id)).isNotNull();
        SESSIONS.assertNoMore(id);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Endpoints.class, ErrorPage.class, Writing.class})
    static class App {

        @Bean
        @Order(2)
        RequestScopeOpener session() {
            return request -> {
                String id = request.getHeader("X-Id");
                if (id == null) {
                    throw new IllegalArgumentException("no id");
                }
                request.setAttribute("nonce seen", NONCE.isBound());
                return REQUEST.session().where(ID, id);
            };
        }

        @Bean
        @Order(1)
        RequestScopeOpener nonce() {
            return request -> {
                String nonce = UUID.randomUUID().toString();
                request.setAttribute("nonce", nonce);
                return ScopedContext.where(NONCE, nonce);
            };
        }
    }

    @RestController
    static class Endpoints {

        @GetMapping("/read")
        String read() {
            return "read " + ID.get();
        }

        @GetMapping("/nonce")
        String nonce(HttpServletRequest request) {
            return "nonce seen by the second opener: " + request.getAttribute("nonce seen");
        }

        @GetMapping("/callable")
        Callable<String> callable() {
            return () -> "callable";
        }

        @GetMapping("/deferred")
        DeferredResult<String> deferred() {
            DeferredResult<String> result = new DeferredResult<>();
            ForkJoinPool.commonPool().execute(() -> result.setResult("deferred"));
            return result;
        }

        @GetMapping("/timeout")
        WebAsyncTask<String> timeout() {
            WebAsyncTask<String> task = new WebAsyncTask<>(200L, never::join); // ignores that Spring interrupts it
            task.onTimeout(() -> "late " + ID.orElse("nobody"));
            return task;
        }

        @GetMapping("/deferred-timeout")
        DeferredResult<String> deferredTimeout() {
            DeferredResult<String> result = new DeferredResult<>(200L);
            result.onTimeout(() -> result.setResult("late " + ID.orElse("nobody")));
            return result;
        }

        @GetMapping("/stream")
        StreamingResponseBody stream() {
            String id = ID.get();
            return out -> out.write(("streamed by " + id).getBytes(StandardCharsets.US_ASCII));
        }

        @GetMapping("/events")
        SseEmitter events() {
            SseEmitter emitter = new SseEmitter();
            ForkJoinPool.commonPool().execute(() -> {
                try {
                    emitter.send("one");
                    emitter.send("two");
                    emitter.complete();
                } catch (IOException failure) {
                    emitter.completeWithError(failure);
                }
            });
            return emitter;
        }

        @GetMapping("/endless")
        StreamingResponseBody endless() {
            return out -> {
                byte[] block = new byte[8192];
                while (true) {
                    out.write(block);
                    out.flush();
                }
            };
        }

        @GetMapping("/status")
        String status() {
            throw new ResponseStatusException(HttpStatus.CONFLICT);
        }

        @GetMapping("/throw")
        String fail() {
            throw new IllegalStateException("thrown");
        }
    }

    @RestController
    static class ErrorPage implements ErrorController {

        @RequestMapping("/error")
        ResponseEntity<String> error(HttpServletRequest request) {
            boolean same = NONCE.orElse("none").equals(request.getAttribute("nonce"));
            return ResponseEntity.status((Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                    .body("error page of " + ID.orElse("nobody") + " same nonce " + same);
        }
    }

    /** Adds the id to each body that is written as a text. */
    @ControllerAdvice
    static class Writing implements ResponseBodyAdvice<String> {

        @Override
        public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
            return type.getContainingClass() == Endpoints.class;
        }

        @Override
        public String beforeBodyWrite(String body, MethodParameter type, MediaType media,
                Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
                ServerHttpResponse response) {
            return body + " written " + ID.orElse("nobody");
        }
    }
}
