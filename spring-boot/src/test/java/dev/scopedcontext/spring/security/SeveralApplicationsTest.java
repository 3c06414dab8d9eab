package dev.scopedcontext.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.context.ListeningSecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Applications of one JVM, which share the static {@code SecurityContextHolder}. */
@Timeout(60)
class SeveralApplicationsTest {

    private static final String ENABLED = "scopedcontext.security.enabled=true";

    @RestController
    static class Users {

        @GetMapping("/user")
        String user() {
            return SecurityContextHolder.getContext().getAuthentication().getName();
        }

        @GetMapping("/subtasks")
        String subtasks() throws ExecutionException, InterruptedException {
            return TaskScopes.par(() -> user(), () -> user(), (one, other) -> one + " and " + other);
        }
    }

    @Configuration
    @EnableAutoConfiguration
    @Import(Users.class)
    static class Web {
    }

    @Configuration
    @EnableAutoConfiguration
    static class NoWeb {
    }

    @Configuration
    static class OwnStrategy {

        @Bean
        SecurityContextHolderStrategy own() {
            return new ListeningSecurityContextHolderStrategy(event -> {
            });
        }
    }

    private static SpringApplicationBuilder configured(SpringApplicationBuilder builder, WebApplicationType type,
            String... properties) {
        return builder.web(type).properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=error",
                "spring.security.user.name=alice", "spring.security.user.password=secret",
                "spring.autoconfigure.exclude=org.springframework.boot.jetty.autoconfigure.servlet"
                        + ".JettyServletWebServerAutoConfiguration")
                .properties(properties);
    }

    private static ConfigurableApplicationContext web(String... properties) {
        return configured(new SpringApplicationBuilder(Web.class), WebApplicationType.SERVLET, properties).run();
    }

    private static ConfigurableApplicationContext noWeb() {
        return configured(new SpringApplicationBuilder(NoWeb.class), WebApplicationType.NONE, ENABLED).run();
    }

    private static ConfigurableApplicationContext webWithParent(Class<?>... parent) {
        return configured(configured(new SpringApplicationBuilder(parent), WebApplicationType.NONE, ENABLED)
                .child(Web.class), WebApplicationType.SERVLET, ENABLED).run();
    }

    private static String ask(ApplicationContext application, String path) throws Exception {
        String login = Base64.getEncoder().encodeToString("alice:secret".getBytes(StandardCharsets.UTF_8));
        URI uri = URI
                .create("http://localhost:" + application.getEnvironment().getProperty("local.server.port") + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).header("Authorization", "Basic " + login)
                .build(), BodyHandlers.ofString()).body();
    }

    @Test
    void anApplicationWithoutThePartKeepsItsUsersWhileAnotherHasIt() throws Exception {
        try (var plain = web()) {
            assertThat(ask(plain, "/user")).isEqualTo("alice");
            try (var other = noWeb()) {
                assertThat(SecurityContextHolder.getContextHolderStrategy())
                        .isSameAs(other.getBean(SecurityContextHolderStrategy.class));
                assertThat(ask(plain, "/user")).isEqualTo("alice");
            }
            assertThat(ask(plain, "/user")).isEqualTo("alice");
        }
    }

    @Test
    void anApplicationWithoutThePartKeepsItsUsersIfItIsStartedMeanwhile() throws Exception {
        var other = noWeb();
        try (var plain = web()) {
            assertThat(ask(plain, "/user")).isEqualTo("alice");
            other.close();
            assertThat(SecurityContextHolder.getContextHolderStrategy())
                    .isNotInstanceOf(LocalSecurityContextStrategy.class);
            assertThat(ask(plain, "/user")).isEqualTo("alice");
        } finally {
            other.close();
        }
    }

    @Test
    void bothHaveTheirUsersIfOneHasThePart() throws Exception {
        try (var plain = web(); var other = web(ENABLED)) {
            assertThat(ask(plain, "/user")).isEqualTo("alice");
            assertThat(ask(other, "/subtasks")).isEqualTo("alice and alice");
        }
    }

    @Test
    void aChildHasScopesIfItsParentHasThePartToo() throws Exception {
        SecurityContextHolderStrategy before = SecurityContextHolder.getContextHolderStrategy();
        try (var child = webWithParent(NoWeb.class)) {
            assertThat(child.getBean("securityContextScope")).isInstanceOf(FilterRegistrationBean.class);
            assertThat(child.getBean(SecurityContextHolderStrategy.class))
                    .isSameAs(SecurityContextHolder.getContextHolderStrategy())
                    .isInstanceOf(LocalSecurityContextStrategy.class);
            assertThat(ask(child, "/subtasks")).isEqualTo("alice and alice");
            ((ConfigurableApplicationContext) child.getParent()).close();
        }
        assertThat(SecurityContextHolder.getContextHolderStrategy()).isSameAs(before);
    }

    @Test
    void aStrategyOfAParentPrecedes() throws Exception {
        SecurityContextHolderStrategy before = SecurityContextHolder.getContextHolderStrategy();
        try (var child = webWithParent(NoWeb.class, OwnStrategy.class)) {
            assertThat(child.containsBean("securityContextScope")).isFalse();
            assertThat(SecurityContextHolder.getContextHolderStrategy()).isSameAs(before);
            assertThat(ask(child, "/user")).isEqualTo("alice");
            ((ConfigurableApplicationContext) child.getParent()).close();
        }
    }
}
