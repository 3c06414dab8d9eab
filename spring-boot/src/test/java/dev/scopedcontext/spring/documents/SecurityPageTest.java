package dev.scopedcontext.spring.documents;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.spring.security.SecurityScope;
import dev.scopedcontext.spring.servlet.RequestScopeOpener;
import dev.scopedcontext.task.TaskScopes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
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
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The examples of docs/guide/spring-boot.md for Spring Security. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"scopedcontext.security.enabled=true",
        "spring.security.user.name=alice", "spring.security.user.password=secret", "spring.autoconfigure.exclude="
                + "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration"})
@DirtiesContext // closed at the end, since its strategy is that of the JVM
@Timeout(60)
class SecurityPageTest {

    // @start region="context"
    static final ContextKey<String> REQUEST_ID = ContextKey.<String>builder("request id")
            .mirror(MdcMirror.to("requestId")).build();
    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class, key -> key.mirror(MdcMirror.to("user")));

    @Configuration
    static class RequestContext {

        @Bean
        @Order(1)
        RequestScopeOpener requestId() { // the outermost scope
            return request -> ScopedContext.where(REQUEST_ID,
                    REQUEST_ID.find().orElseGet(() -> UUID.randomUUID().toString()));
        }

        @Bean
        @Order(2)
        RequestScopeOpener session() {
            return RequestScopeOpener.afterSecurity( // the user is null if anonymous
                    request -> REQUEST.session().where(USER, request.getRemoteUser()));
        }
    }
    // @end

    private static final BlockingQueue<String> ENDED = new LinkedBlockingQueue<>();

    static {
        REQUEST.onSessionExit(failure -> ENDED.add(values()));
    }

    private static String values() {
        return String.join(" ", REQUEST_ID.get(), USER.get(), MDC.get("requestId"), MDC.get("user"));
    }

    @RestController
    static class Pages {

        @GetMapping("/values")
        String read() {
            return values();
        }

        // @start region="security"
        @GetMapping("/page")
        String page() throws ExecutionException, InterruptedException {
            return TaskScopes.par(() -> name(), () -> name(), (one, other) -> one + " and " + other);
        }

        static String name() {
            return SecurityContextHolder.getContext().getAuthentication().getName(); // the user, in each subtask
        }
        // @end
    }

    @EnableAutoConfiguration
    @Configuration
    @Import({RequestContext.class, Pages.class})
    static class Application {
    }

    @LocalServerPort
    private int port;

    @Test
    void controllerAndHookSeeBothValues() throws Exception {
        ENDED.clear();
        String seen = ask("/values");
        assertThat(seen).matches("([\\w-]{36}) alice \\1 alice");
        assertThat(ENDED.poll(1, MINUTES)).isEqualTo(seen);
        assertThat(ask("/values")).isNotEqualTo(seen);
    }

    @Test
    void subtasksSeeTheSecurityContext() throws Exception {
        assertThat(ask("/page")).isEqualTo("alice and alice");
    }

    @Test
    void aJobRunsAsAUser() throws Exception {
        Authentication robot = new TestingAuthenticationToken("robot", "secret");
        // @start region="job"
        String report = SecurityScope.with(robot).call(() -> page());
        // @end
        assertThat(report).isEqualTo("robot and robot");
    }

    private static String page() throws ExecutionException, InterruptedException {
        return new Pages().page();
    }

    private String ask(String path) throws Exception {
        String credentials = Base64.getEncoder().encodeToString("alice:secret".getBytes(StandardCharsets.UTF_8));
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Authorization", "Basic " + credentials).build(), BodyHandlers.ofString()).body();
    }
}
