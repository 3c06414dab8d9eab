package dev.scopedcontext.spring.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.servlet.RequestFilter;
import dev.scopedcontext.spring.support.ServletApplication;
import dev.scopedcontext.spring.support.ServletKind;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Filters that an application registers without the starter's openers, wrongly and rightly. */
@ExtendWith(OutputCaptureExtension.class)
class PlainFilterTest {

    static final ContextKey<String> USER = ContextKey.named("user");

    private static final String ADVICE = ", so asynchronous dispatches and error pages run outside its scopes. Declare"
            + " beans of type RequestScopeOpener instead of the filter, or a FilterRegistrationBean with the dispatcher"
            + " types REQUEST, ASYNC and ERROR";

    static RequestFilter filter() {
        return RequestFilter.entering(request -> ScopedContext.where(USER, "alice"));
    }

    private static String written(ServletKind kind, Class<?> configuration) throws Exception {
        try (ServletApplication application = ServletApplication.start(kind, configuration)) {
            return application.get("/callable").body();
        }
    }

    private static void assertWarnings(CapturedOutput output, String... warnings) {
        assertThat(output.getOut().lines().filter(line -> line.contains(" WARN ") && line.contains("RequestFilter"))
                .map(line -> line.substring(line.indexOf(" : ") + 3))).containsExactly(warnings);
    }

    @ParameterizedTest
    @MethodSource("dev.scopedcontext.spring.support.ServletKind#platform")
    void aPlainBeanIsWarnedAboutAtTheStart(ServletKind kind, CapturedOutput output) throws Exception {
        ServletApplication.start(kind, PlainBean.class).close();
        assertWarnings(output, "Spring Boot maps the RequestFilter bean requestScopes to REQUEST only, behind all other"
                + " filters" + ADVICE);
    }

    @Test
    void itsAsynchronousDispatchesAreOutsideOfTheScope() throws Exception {
        assertThat(written(ServletKind.TOMCAT, PlainBean.class)).isEqualTo("written by nobody");
    }

    @Test
    void aRegistrationWithTooFewTypesIsWarnedAbout(CapturedOutput output) {
        ServletApplication.start(ServletKind.JETTY, TooFewTypes.class).close();
        assertWarnings(output,
                "The FilterRegistrationBean requestScopes maps a RequestFilter to [REQUEST, ASYNC] only" + ADVICE,
                "The @FilterRegistration of the RequestFilter bean annotated maps it to [REQUEST] only" + ADVICE);
    }

    @ParameterizedTest
    @MethodSource("dev.scopedcontext.spring.support.ServletKind#platform")
    void rightRegistrationsAreNotWarnedAbout(ServletKind kind, CapturedOutput output) throws Exception {
        assertThat(written(kind, Registration.class)).isEqualTo("written by alice");
        assertThat(written(kind, Annotation.class)).isEqualTo("written by alice");
        assertWarnings(output);
    }

    @ParameterizedTest
    @MethodSource("dev.scopedcontext.spring.support.ServletKind#platform")
    void aListenerThatAddsAFilterIsToldWhatToUse(ServletKind kind) {
        Listener.message = null;
        assertThatThrownBy(() -> ServletApplication.start(kind, Listener.class).close()).isNotNull();
        assertThat(Listener.message)
                .isEqualTo("A listener that was added by code cannot add filters. In Spring Boot, declare a bean of"
                        + " type ServletContextInitializer instead of a ServletContextListener, and call addTo(context)"
                        + " in its onStartup(context). Elsewhere, declare the listener in web.xml or by @WebListener");
    }

    @ParameterizedTest
    @MethodSource("dev.scopedcontext.spring.support.ServletKind#platform")
    void anInitializerAddsAFilter(ServletKind kind, CapturedOutput output) throws Exception {
        assertThat(written(kind, Initializer.class)).isEqualTo("written by alice");
        assertWarnings(output);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class PlainBean {

        @Bean
        RequestFilter requestScopes() {
            return filter();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class TooFewTypes {

        @Bean
        FilterRegistrationBean<RequestFilter> requestScopes() {
            FilterRegistrationBean<RequestFilter> registration = new FilterRegistrationBean<>(filter());
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
            return registration;
        }

        @Bean
        @FilterRegistration(name = "annotated")
        RequestFilter annotated() {
            return filter();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Registration {

        @Bean
        RequestFilter requestScopes() {
            return filter();
        }

        @Bean
        FilterRegistrationBean<RequestFilter> registration(RequestFilter requestScopes) {
            FilterRegistrationBean<RequestFilter> registration = new FilterRegistrationBean<>(requestScopes);
            registration.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
            return registration;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Annotation {

        @Bean
        @FilterRegistration(dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR})
        RequestFilter requestScopes() {
            return filter();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Listener {

        /** The message of the exception of the last listener. */
        static String message;

        @Bean
        ServletContextListener requestScopes() {
            return new ServletContextListener() {

                @Override
                public void contextInitialized(ServletContextEvent event) {
                    try {
                        filter().addTo(event.getServletContext());
                    } catch (UnsupportedOperationException refused) {
                        message = refused.getMessage();
                        throw refused;
                    }
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoint.class)
    static class Initializer {

        @Bean
        ServletContextInitializer requestScopes() {
            return context -> filter().addTo(context);
        }
    }

    /** Writes its text in an asynchronous dispatch. */
    @RestController
    @ControllerAdvice
    static class Endpoint implements ResponseBodyAdvice<String> {

        @GetMapping("/callable")
        Callable<String> callable() {
            return () -> "written by ";
        }

        @Override
        public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
            return true;
        }

        @Override
        public String beforeBodyWrite(String body, MethodParameter type, MediaType media,
                Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
                ServerHttpResponse response) {
            return body + USER.orElse("nobody");
        }
    }
}
