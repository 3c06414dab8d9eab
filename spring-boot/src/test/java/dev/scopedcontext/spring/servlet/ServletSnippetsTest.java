package dev.scopedcontext.spring.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.spring.support.ServletApplication;
import dev.scopedcontext.spring.support.ServletApplication.Answer;
import dev.scopedcontext.spring.support.ServletKind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The examples of the Javadoc. */
class ServletSnippetsTest {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> USER = REQUEST.key("user", String.class);
    static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");
    static final ContextKey<String> OPERATION = ContextKey.named("operation");

    // @start region="openers"
    @Configuration
    static class Scopes {

        @Bean
        @Order(1)
        RequestScopeOpener requestId() {
            return request -> ScopedContext.where(REQUEST_ID, request.getHeader("X-Request-Id"));
        }

        @Bean
        @Order(2)
        RequestScopeOpener session() {
            return RequestScopeOpener.afterSecurity(
                    request -> REQUEST.session().where(USER, request.getRemoteUser()));
        }
    }
    // @end

    @Configuration
    static class Criteria {

        // @start region="criterion"
        @Bean
        FailureCriterion notFoundIsNoFailure() {
            return (exception, request) -> !(exception instanceof NoSuchElementException);
        }
        // @end
    }

    // @start region="interceptor"
    static class Operations extends AttachingInterceptor {

        @Override
        protected Attachment attach(HttpServletRequest request, Object handler) {
            String operation = handler instanceof HandlerMethod method ? method.getMethod().getName() : "other";
            return ScopedContext.where(OPERATION, operation).attach();
        }
    }
    // @end

    @Test
    void examples() throws Exception {
        try (ServletApplication application = ServletApplication.start(ServletKind.TOMCAT, App.class)) {
            assertThat(application.get("/read", "X-Request-Id", "17")).isEqualTo(new Answer(200, "17 null read"));
            assertThat(application.get("/missing", "X-Request-Id", "17")).isEqualTo(new Answer(200, "none"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Scopes.class, Criteria.class, Endpoint.class})
    static class App implements WebMvcConfigurer {

        @Override
        public void addInterceptors(InterceptorRegistry registry) {
            registry.addInterceptor(new Operations());
        }
    }

    @RestController
    static class Endpoint {

        @GetMapping("/read")
        String read() {
            return REQUEST_ID.get() + " " + USER.get() + " " + OPERATION.get();
        }

        @GetMapping("/missing")
        String missing() {
            throw new NoSuchElementException();
        }

        @ExceptionHandler
        String handle(NoSuchElementException failure) {
            return "none";
        }
    }
}
