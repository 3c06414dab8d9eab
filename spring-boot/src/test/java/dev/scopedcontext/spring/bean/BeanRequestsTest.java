package dev.scopedcontext.spring.bean;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.servlet.RequestFilter;
import dev.scopedcontext.task.TaskScope;
import jakarta.servlet.DispatcherType;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Beans of requests of a real application. */
class BeanRequestsTest {

    private static final NamedContext REQUEST = NamedContext.named("request");
    private static final ContextKey<String> USER = REQUEST.key("user", String.class);

    private static final AtomicInteger CREATED = new AtomicInteger();
    private static final Set<String> OPEN = ConcurrentHashMap.newKeySet();

    @ContextScoped("request")
    static class Visit implements AutoCloseable {

        private final String id = USER.get() + "-" + CREATED.incrementAndGet();

        Visit() {
            OPEN.add(id);
        }

        String id() {
            return id;
        }

        @Override
        public void close() {
            OPEN.remove(id);
        }
    }

    @RestController
    static class Visits {

        private final Visit visit;

        Visits(Visit visit) {
            this.visit = visit;
        }

        @GetMapping("/direct")
        String direct() {
            return visit.id() + " " + visit.id();
        }

        @GetMapping("/subtasks")
        String subtasks() throws Exception {
            try (var scope = TaskScope.open()) {
                var one = scope.fork(visit::id);
                var other = scope.fork(visit::id);
                scope.join();
                return one.get() + " " + other.get();
            }
        }

        @GetMapping("/callable")
        Callable<String> callable() {
            String id = visit.id();
            return () -> id + " " + id;
        }

        @GetMapping("/failing")
        String failing() {
            throw new IllegalStateException(visit.id());
        }
    }

    @Configuration
    @EnableAutoConfiguration(exclude = {SecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class})
    @Import({Visit.class, Visits.class})
    static class Application {

        @Bean
        NamedContext request() {
            return REQUEST;
        }

        @Bean
        FilterRegistrationBean<RequestFilter> requestFilter() {
            var registration = new FilterRegistrationBean<>(RequestFilter
                    .entering(request -> REQUEST.session().where(USER, request.getParameter("user"))));
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
            registration.setAsyncSupported(true);
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachRequestHasItsOwnInstance(boolean virtual) throws Exception {
        OPEN.clear();
        try (var context = new SpringApplicationBuilder(Application.class).properties(Map.of(
                "server.port", "0",
                "spring.threads.virtual.enabled", virtual,
                "spring.main.banner-mode", "off",
                "logging.level.org.apache.catalina.core", "off")).run()) {
            int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<String>> answers = new ArrayList<>();
            List<String> users = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String user = "user" + i % 20;
                String path = List.of("direct", "subtasks", "callable", "failing").get(i % 4);
                HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port + "/" + path + "?user=" + user)).build();
                users.add(path.equals("failing") ? null : user);
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                        .thenApply(response -> response.body()));
            }
            Set<String> ids = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < answers.size(); i++) {
                String answer = answers.get(i).get(30, TimeUnit.SECONDS);
                if (users.get(i) == null) {
                    assertThat(answer).contains("500");
                } else {
                    String id = answer.substring(0, answer.indexOf(' '));
                    assertThat(answer).isEqualTo(id + " " + id).startsWith(users.get(i) + "-");
                    assertThat(ids.add(id)).as(id).isTrue();
                }
            }
        }
        assertThat(OPEN).isEmpty();
    }

    @Test
    void aSessionOutsideOfRequestsHasInstancesToo() throws Exception {
        try (var context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off").run()) {
            Visit visit = context.getBean(Visit.class);
            CountDownLatch done = new CountDownLatch(1);
            new Thread(() -> REQUEST.session().where(USER, "job").run(() -> {
                assertThat(visit.id()).startsWith("job-");
                done.countDown();
            })).start();
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
