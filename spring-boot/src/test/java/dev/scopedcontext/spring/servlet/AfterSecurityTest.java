package dev.scopedcontext.spring.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.spring.support.ServletApplication;
import dev.scopedcontext.spring.support.ServletApplication.Answer;
import dev.scopedcontext.spring.support.ServletKind;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
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
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Scopes that are opened before and after Spring Security. */
@ParameterizedClass
@MethodSource("dev.scopedcontext.spring.support.ServletKind#platform")
class AfterSecurityTest {

    static final ContextKey<String> ID = ContextKey.named("request id");
    static final ContextKey<String> USER = ContextKey.named("user");
    static final ContextKey<String> GREETING = ContextKey.named("greeting");
    static final List<String> EVENTS = new CopyOnWriteArrayList<>();

    private static ServletApplication application;

    @Parameter
    ServletKind kind;

    @BeforeParameterizedClassInvocation
    static void start(ServletKind kind) {
        application = ServletApplication.startSecured(kind, App.class, "spring.security.filter.order=7");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        application.close();
    }

    @BeforeEach
    void clear() {
        EVENTS.clear();
    }

    private static Answer get(String path) throws Exception {
        String credentials = Base64.getEncoder().encodeToString("alice:secret".getBytes(StandardCharsets.UTF_8));
        return application.get(path, "X-Id", "17", "Authorization", "Basic " + credentials);
    }

    @Test
    void theUserIsKnownAfterSecurity() throws Exception {
        assertThat(get("/read")).isEqualTo(new Answer(200, "17 Hello alice"));
        assertThat(EVENTS).containsExactly("id for null", "user in 17", "greeting of alice");
    }

    @Test
    void anAsynchronousDispatchHasTheSameScopes() throws Exception {
        assertThat(get("/callable")).isEqualTo(new Answer(200, "17 Hello alice"));
        assertThat(EVENTS).containsExactly("id for null", "user in 17", "greeting of alice");
    }

    @Test
    void anErrorPageHasThemToo() throws Exception {
        assertThat(get("/status")).isEqualTo(new Answer(409, "17 Hello alice"));
        assertThat(EVENTS).containsExactly("id for null", "user in 17", "greeting of alice");
    }

    @Test
    void aRefusedRequestHasOnlyTheOuterScope() throws Exception {
        assertThat(application.get("/read", "X-Id", "18").status()).isEqualTo(401);
        assertThat(EVENTS).containsExactly("id for null", "refused in 18");
    }

    @Test
    void eachFilterIsMappedOnce() {
        for (String name : List.of("scopedContext", "scopedContextAfterSecurity")) {
            assertThat(application.context().getServletContext().getFilterRegistration(name)
                    .getUrlPatternMappings()).as(name).containsExactly("/*");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Endpoints.class, Greeting.class})
    static class App {

        @Bean
        @Order(9)
        RequestScopeOpener id() {
            return request -> {
                EVENTS.add("id for " + request.getUserPrincipal());
                return ScopedContext.where(ID, request.getHeader("X-Id"));
            };
        }

        @Bean
        @Order(1)
        RequestScopeOpener user() {
            return RequestScopeOpener.afterSecurity(request -> {
                EVENTS.add("user in " + ID.get());
                return ScopedContext.where(USER, request.getUserPrincipal().getName());
            });
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(User.withUsername("alice").password("{noop}secret").build());
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) {
            return http
                    .authorizeHttpRequests(requests -> requests
                            .requestMatchers("/error").permitAll()
                            .anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .exceptionHandling(refusing -> refusing.authenticationEntryPoint((request, response, refusal) -> {
                        EVENTS.add("refused in " + ID.get());
                        response.setStatus(401);
                    }))
                    .build();
        }
    }

    /** An opener that is a class. */
    @Order(2)
    static class Greeting implements RequestScopeOpener {

        @Override
        public ScopeOpener open(HttpServletRequest request) {
            EVENTS.add("greeting of " + USER.get());
            return ScopedContext.where(GREETING, "Hello " + USER.get());
        }

        @Override
        public boolean isAfterSecurity() {
            return true;
        }
    }

    @RestController
    static class Endpoints implements ErrorController {

        private static String text() {
            return ID.get() + " " + GREETING.get();
        }

        @GetMapping("/read")
        String read() {
            return text();
        }

        @GetMapping("/callable")
        Callable<String> callable() {
            String text = text();
            return () -> text;
        }

        @GetMapping("/status")
        String status() {
            throw new ResponseStatusException(HttpStatus.CONFLICT);
        }

        @RequestMapping("/error")
        ResponseEntity<String> error(HttpServletRequest request) {
            return ResponseEntity.status((Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
                    .body(text());
        }
    }
}
