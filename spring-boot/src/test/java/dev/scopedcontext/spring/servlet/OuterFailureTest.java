package dev.scopedcontext.spring.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.spring.support.ServletApplication;
import dev.scopedcontext.spring.support.ServletKind;
import dev.scopedcontext.spring.support.ServletSessions;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A filter between the outer and the inner scopes, like Spring Security, that turns an exception into a response. */
class OuterFailureTest {

    static final NamedContext OUTER = NamedContext.named("outer");
    static final NamedContext INNER = NamedContext.named("inner");
    static final ContextKey<String> ID = OUTER.key("id", String.class);
    static final ServletSessions SESSIONS = new ServletSessions();

    static {
        OUTER.onSessionExit(failure -> SESSIONS.ended("outer " + ID.get(), failure));
        INNER.onSessionExit(failure -> SESSIONS.ended("inner " + ID.get(), failure));
    }

    @ParameterizedTest
    @MethodSource("dev.scopedcontext.spring.support.ServletKind#platform")
    void hooksOfAllScopesGetTheFailure(ServletKind kind) throws Exception {
        try (ServletApplication application = ServletApplication.start(kind, App.class)) {
            for (String path : new String[]{"now", "later"}) {
                String id = kind + " " + path;
                assertThat(application.get("/" + path, "X-Id", id).status()).isEqualTo(403);
                assertThat(SESSIONS.failureOf("inner " + id)).hasRootCauseMessage("refused " + path);
                assertThat(SESSIONS.failureOf("outer " + id)).hasMessage("refused " + path);
            }
            assertThat(application.get("/unhandled", "X-Id", "unhandled").status()).isEqualTo(500);
            assertThat(SESSIONS.failureOf("outer unhandled")).hasRootCauseMessage("unhandled");
            assertThat(SESSIONS.failureOf("outer unhandled")).as("the session of the error page").isNull();
            assertThat(application.get("/well", "X-Id", "well").status()).isEqualTo(200);
            assertThat(SESSIONS.failureOf("outer well")).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.scopedcontext.spring.support.ServletKind#platform")
    void thoseOfTheOuterScopesDoNotIfFailuresAreNotMarked(ServletKind kind) throws Exception {
        try (ServletApplication application = ServletApplication.start(kind, App.class,
                "scopedcontext.servlet.mark-failures=false")) {
            String id = kind + " unmarked";
            assertThat(application.get("/now", "X-Id", id).status()).isEqualTo(403);
            assertThat(SESSIONS.failureOf("inner " + id)).hasRootCauseMessage("refused now");
            assertThat(SESSIONS.failureOf("outer " + id)).isNull();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Pages.class)
    static class App {

        @Bean
        RequestScopeOpener outer() {
            return request -> OUTER.session().where(ID, request.getHeader("X-Id"));
        }

        @Bean
        RequestScopeOpener inner() {
            return RequestScopeOpener.afterSecurity(request -> INNER.session());
        }

        @Bean
        FilterRegistrationBean<Filter> refusing() {
            FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
                try {
                    chain.doFilter(request, response);
                } catch (ServletException refusal) {
                    if (refusal.getCause() instanceof UnsupportedOperationException) {
                        throw refusal;
                    }
                    ((HttpServletResponse) response).setStatus(403);
                }
            });
            registration.setOrder(-100);
            registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
            return registration;
        }
    }

    @RestController
    static class Pages {

        @GetMapping("/now")
        String now() {
            throw new IllegalStateException("refused now");
        }

        @GetMapping("/later")
        Callable<String> later() {
            return () -> {
                throw new IllegalStateException("refused later");
            };
        }

        @GetMapping("/unhandled")
        String unhandled() {
            throw new UnsupportedOperationException("unhandled");
        }

        @GetMapping("/well")
        String well() {
            return "well";
        }
    }
}
