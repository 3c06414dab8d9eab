package dev.scopedcontext.spring.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.servlet.RequestFilter;
import dev.scopedcontext.task.TaskScope;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** The users of requests of a real application. */
class SecuredRequestsTest {

    private static final List<String> PATHS = List.of("direct", "subtasks", "elevated", "async", "callable", "streamed",
            "admin", "failing", "denied");

    private static final int REQUESTS = 270;

    /** Bound by a filter of the application behind Spring Security, which knows the user. */
    private static final ContextKey<String> PRINCIPAL = ContextKey.named("principal");

    /** The security contexts that were found before or after a request, and the number of requests that forgot one. */
    private static final Set<String> FOUND = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger PASSED = new AtomicInteger();

    static String user() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        String name = authentication == null ? "none" : authentication.getName();
        String bound = PRINCIPAL.orElse(name);
        return bound.equals(name) || name.equals("root") ? name : name + " in the scope of " + bound;
    }

    static String path(ServletRequest request) {
        return ((HttpServletRequest) request).getRequestURI();
    }

    static class Service {

        @Async
        public CompletableFuture<String> async() {
            String user = user();
            SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("root", ""));
            return CompletableFuture.completedFuture(user);
        }

        @PreAuthorize("hasRole('ADMIN')")
        public String admin() {
            return user();
        }
    }

    @RestController
    static class Users {

        private final Service service;

        Users(Service service) {
            this.service = service;
        }

        @GetMapping("/direct")
        String direct() {
            return user();
        }

        @GetMapping("/subtasks")
        String subtasks() throws Exception {
            try (var scope = TaskScope.open()) {
                var one = scope.fork(() -> user());
                var other = scope.fork(() -> user());
                scope.join();
                return one.get().equals(other.get()) ? one.get() : one.get() + " and " + other.get();
            }
        }

        @GetMapping("/elevated")
        String elevated() throws Exception {
            try (var scope = TaskScope.open()) {
                scope.fork(() -> SecurityContextHolder.getContext()
                        .setAuthentication(new TestingAuthenticationToken("root", "", "ROLE_ADMIN")));
                scope.join();
            }
            return user();
        }

        @GetMapping("/async")
        String async() throws Exception {
            String user = service.async().get(30, TimeUnit.SECONDS);
            return user.equals(user()) ? user : user + " and " + user();
        }

        @GetMapping("/callable")
        Callable<String> callable() {
            return () -> user();
        }

        @GetMapping("/streamed")
        StreamingResponseBody streamed() {
            return out -> out.write(user().getBytes(StandardCharsets.UTF_8));
        }

        @GetMapping("/admin")
        String admin() throws Exception {
            try (var scope = TaskScope.open()) {
                var task = scope.fork(() -> {
                    SecurityContextHolder.getContext()
                            .setAuthentication(new TestingAuthenticationToken(user(), "", "ROLE_ADMIN"));
                    return service.admin();
                });
                scope.join();
                return task.get();
            }
        }

        @GetMapping("/failing")
        String failing() {
            throw new IllegalStateException(user());
        }

        @GetMapping("/denied")
        String denied() {
            return service.admin();
        }
    }

    @Configuration
    @EnableAutoConfiguration
    @EnableAsync
    @EnableMethodSecurity
    @Import({Users.class, Service.class})
    static class Application {

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults()).build();
        }

        @Bean
        UserDetailsService users() {
            return name -> User.withUsername(name).password("{noop}secret").roles("USER").build();
        }

        @Bean
        TaskDecorator handOver() {
            return task -> ScopedContext.capture().wrap(task);
        }

        @Bean
        FilterRegistrationBean<RequestFilter> principal() {
            var registration = new FilterRegistrationBean<>(RequestFilter.entering(request -> ScopedContext
                    .where(PRINCIPAL, request.getUserPrincipal().getName())));
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
            registration.setAsyncSupported(true);
            registration.setOrder(SecurityFilterProperties.DEFAULT_FILTER_ORDER + 1);
            return registration;
        }

        /** Sets a context and forgets to remove it. It is inside of the scope, and around Spring Security. */
        @Bean
        FilterRegistrationBean<Filter> forgetful() {
            var registration = new FilterRegistrationBean<Filter>((request, response, chain) -> {
                if (SecurityContextHolder.getContext().getAuthentication() != null) {
                    FOUND.add(user());
                }
                chain.doFilter(request, response);
                SecurityContextHolder.getContext()
                        .setAuthentication(new TestingAuthenticationToken("forgotten by GET " + path(request), ""));
                PASSED.incrementAndGet();
            });
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
            return registration;
        }
    }

    @Configuration
    static class Jetty {

        @Bean
        ServletWebServerFactory jetty() {
            return new JettyServletWebServerFactory();
        }
    }

    @Configuration
    static class Tomcat {

        @Bean
        ServletWebServerFactory tomcat() {
            TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
            factory.addEngineValves(new CleanThreadValve());
            return factory;
        }
    }

    /** Looks for a security context on the thread of the server after each request. */
    static class CleanThreadValve extends ValveBase {

        CleanThreadValve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            try {
                getNext().invoke(request, response);
            } finally {
                if (LocalSecurityContextStrategy.INSTANCE.getContext().getAuthentication() != null) {
                    FOUND.add("left on " + Thread.currentThread());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Tomcat, false", "Tomcat, true", "Jetty, false", "Jetty, true"})
    void eachRequestAndItsTasksHaveTheirUser(String server, boolean virtual) throws Exception {
        Class<?> factory = server.equals("Tomcat") ? Tomcat.class : Jetty.class;
        try (var context = started(factory, "spring.threads.virtual.enabled=" + virtual,
                "scopedcontext.security.enabled=true")) {
            HttpClient client = HttpClient.newHttpClient();
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                HttpRequest request = request(context, PATHS.get(i % PATHS.size()), "user" + i % 17);
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            }
            for (int i = 0; i < REQUESTS; i++) {
                HttpResponse<String> answer = answers.get(i).get(60, TimeUnit.SECONDS);
                String path = PATHS.get(i % PATHS.size());
                switch (path) {
                    case "failing" -> assertThat(answer.statusCode()).as(path).isEqualTo(500);
                    case "denied" -> assertThat(answer.statusCode()).as(path).isEqualTo(403);
                    default -> assertThat(answer.body()).as(path).isEqualTo("user" + i % 17);
                }
            }
            HttpRequest anonymous = HttpRequest.newBuilder(uri(context, "direct")).build();
            assertThat(client.send(anonymous, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(401);
        }
        assertThat(PASSED).hasValueGreaterThanOrEqualTo(REQUESTS / 2);
        assertThat(FOUND).isEmpty();
    }

    @Test
    void withoutThePartTasksHaveNoUserAndThreadsKeepOne() throws Exception {
        try (var context = started(Tomcat.class, "server.tomcat.threads.max=1")) {
            HttpClient client = HttpClient.newHttpClient();
            assertThat(client.send(request(context, "direct", "alice"), HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("alice");
            assertThat(client.send(request(context, "subtasks", "bob"), HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("none in the scope of bob");
        }
        assertThat(FOUND).contains("forgotten by GET /direct");
    }

    private static ConfigurableApplicationContext started(Class<?> server, String... properties) {
        FOUND.clear();
        PASSED.set(0);
        return new SpringApplicationBuilder(Application.class, server).properties("server.port=0",
                "spring.main.banner-mode=off", "logging.level.root=error", "logging.level.org.apache.catalina.core=off",
                "logging.level.org.eclipse.jetty=off").properties(properties).run();
    }

    private static HttpRequest request(ApplicationContext context, String path, String user) {
        String login = Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(uri(context, path)).header("Authorization", "Basic " + login).build();
    }

    private static URI uri(ApplicationContext context, String path) {
        int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
        return URI.create("http://localhost:" + port + "/" + path);
    }
}
