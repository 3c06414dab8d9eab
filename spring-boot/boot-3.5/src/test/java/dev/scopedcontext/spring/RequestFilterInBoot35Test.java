package dev.scopedcontext.spring;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.servlet.RequestFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** The filter as a {@code FilterRegistrationBean} in an application of Spring Boot 3.5. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class RequestFilterInBoot35Test {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);

    /** How the requests of each user ended. */
    static final Map<String, LinkedBlockingQueue<String>> ENDS = new ConcurrentHashMap<>();

    static {
        REQUEST.onSessionExit(failure -> ends(USER.get()).add(failure == null ? "well" : "failed"));
    }

    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    private static LinkedBlockingQueue<String> ends(String user) {
        return ENDS.computeIfAbsent(user, added -> new LinkedBlockingQueue<>());
    }

    private CompletableFuture<HttpResponse<String>> send(String path, String user) {
        return client.sendAsync(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("X-User", user).build(), BodyHandlers.ofString());
    }

    private void assertAnswer(String path, String user, int status, String body, String... ends) throws Exception {
        HttpResponse<String> response = send(path, user).get(30, SECONDS);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
        for (String end : ends) {
            assertThat(ends(user).poll(30, SECONDS)).isEqualTo(end);
        }
        assertThat(ends(user)).isEmpty();
    }

    @Test
    void theVersionIsAsExpected() {
        assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
    }

    @Test
    void aControllerIsInTheScope() throws Exception {
        assertAnswer("/read", "alice", 200, "read by alice, written by alice", "well");
    }

    @Test
    void anAsynchronousDispatchIsToo() throws Exception {
        assertAnswer("/deferred", "alice", 200, "deferred for alice, written by alice", "well");
    }

    @Test
    void aMarkedExceptionFailsTheSession() throws Exception {
        assertAnswer("/handled", "alice", 200, "handled for alice, written by alice", "failed");
    }

    @Test
    void anErrorPageHasAScope() throws Exception {
        assertAnswer("/thrown", "alice", 500, "error page of alice", "failed", "well");
    }

    @Test
    void manyRequestsOfSeveralUsersAreNotMixedUp() throws Exception {
        String[] paths = {"/read", "/deferred", "/handled", "/thrown"};
        List<String> users = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            users.add("user" + i % 20);
            responses.add(send(paths[i / 20 % paths.length], users.get(i)));
        }
        for (int i = 0; i < 200; i++) {
            String user = users.get(i);
            String path = paths[i / 20 % paths.length];
            String written = path.equals("/thrown") ? "error page of " + user : ", written by " + user;
            assertThat(responses.get(i).get(30, SECONDS).body()).as(path).endsWith(written);
        }
        for (int i = 0; i < 20; i++) {
            List<String> ends = new ArrayList<>();
            for (int end = 0; end < 12; end++) { // of ten requests and two error pages
                ends.add(ends("user" + i).poll(30, SECONDS));
            }
            assertThat(ends).containsOnly("well", "failed").filteredOn("failed"::equals).hasSize(4);
            assertThat(ends("user" + i)).isEmpty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Endpoints.class, ErrorPage.class})
    static class App {

        @Bean
        FilterRegistrationBean<RequestFilter> requestScopes() {
            FilterRegistrationBean<RequestFilter> registration = new FilterRegistrationBean<>(RequestFilter
                    .entering(request -> REQUEST.session().where(USER, request.getHeader("X-User")))
                    .openingFor(DispatcherType.ERROR));
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }
    }

    @RestController
    @ControllerAdvice
    static class Endpoints implements ResponseBodyAdvice<String> {

        @GetMapping("/read")
        String read() {
            return "read by " + USER.get();
        }

        @GetMapping("/deferred")
        DeferredResult<String> deferred() {
            DeferredResult<String> result = new DeferredResult<>();
            Runnable task = () -> result.setResult("deferred for " + USER.get());
            ForkJoinPool.commonPool().execute(ScopedContext.capture().wrap(task));
            return result;
        }

        @GetMapping("/handled")
        String handled() {
            throw new IllegalArgumentException("refused");
        }

        @GetMapping("/thrown")
        String thrown() {
            throw new IllegalStateException("thrown");
        }

        @ExceptionHandler
        String handle(IllegalArgumentException failure) {
            ScopedContext.markFailed(failure);
            return "handled for " + USER.get();
        }

        @Override
        public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
            return type.getContainingClass() == Endpoints.class;
        }

        @Override
        public String beforeBodyWrite(String body, MethodParameter type, MediaType media,
                Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
                ServerHttpResponse response) {
            return body + ", written by " + USER.orElse("nobody");
        }
    }

    @RestController
    static class ErrorPage implements ErrorController {

        @RequestMapping("/error")
        ResponseEntity<String> error(HttpServletRequest request) {
            return ResponseEntity.status((Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                    .body("error page of " + USER.orElse("nobody"));
        }
    }
}
