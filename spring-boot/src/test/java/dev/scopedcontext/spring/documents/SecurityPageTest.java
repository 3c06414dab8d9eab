package dev.scopedcontext.spring.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.spring.security.SecurityScope;
import dev.scopedcontext.spring.servlet.RequestScopeOpener;
import dev.scopedcontext.task.TaskScopes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
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

    static final ContextKey<String> USER = ContextKey.named("user");

    @Configuration
    static class Scopes {

        // @start region="afterSecurity"
        @Bean
        RequestScopeOpener user() {
            return RequestScopeOpener.afterSecurity(
                    request -> ScopedContext.where(USER, request.getRemoteUser())); // null if anonymous
        }
        // @end
    }

    @RestController
    static class Pages {

        @GetMapping("/user")
        String user() {
            return USER.get();
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
    @Import({Scopes.class, Pages.class})
    static class Application {
    }

    @LocalServerPort
    private int port;

    @Test
    void theUserIsBoundAfterSecurity() throws Exception {
        assertThat(ask("/user")).isEqualTo("alice");
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
