package dev.scopedcontext.spring.servlet;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.spring.support.ServletApplication;
import dev.scopedcontext.spring.support.ServletApplication.Answer;
import dev.scopedcontext.spring.support.ServletKind;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Bindings around handlers, and threads without them afterwards. */
@ParameterizedClass
@MethodSource("dev.scopedcontext.spring.support.ServletKind#platform")
class AttachingInterceptorTest {

    static final ContextKey<String> PATH = ContextKey.named("path");
    static final ContextKey<String> AROUND = ContextKey.named("around");
    static final ContextSnapshot SNAPSHOT = ScopedContext.where(PATH, "captured").call(ScopedContext::capture);

    /** The paths that were attached, and hooks of the attachments. */
    static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();

    /** The dispatches after which a thread was not as before. */
    static final List<String> LEFT = new CopyOnWriteArrayList<>();

    private static ServletApplication application;

    @Parameter
    ServletKind kind;

    @BeforeParameterizedClassInvocation
    static void start(ServletKind kind) {
        application = ServletApplication.start(kind, App.class);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        application.close();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(EVENTS).isEmpty();
        assertThat(LEFT).isEmpty();
    }

    private static Answer get(String path) throws Exception {
        return application.get(path);
    }

    /** Waits for events, of which the last may come after the response. */
    private static void assertEvents(String... expected) throws InterruptedException {
        for (String event : expected) {
            assertThat(EVENTS.poll(10, SECONDS)).isEqualTo(event);
        }
    }

    @Test
    void aHandlerAndItsBodyAreInTheBindings() throws Exception {
        assertThat(get("/read")).isEqualTo(new Answer(200, "read in /read, written in /read"));
        assertEvents("attach REQUEST /read", "close");
    }

    @Test
    void eachDispatchAttaches() throws Exception {
        assertThat(get("/callable")).isEqualTo(new Answer(200, "called, written in /callable"));
        assertEvents("attach REQUEST /callable", "close", "attach ASYNC /callable", "close");
    }

    @Test
    void anExceptionOfTheHandlerClosesAfterItIsHandled() throws Exception {
        assertThat(get("/throw").body()).isEqualTo("handled thrown in /throw, written in /throw");
        assertEvents("attach REQUEST /throw", "close after thrown");
    }

    @Test
    void anExceptionThatIsNotHandledClosesBeforeTheErrorPageAttaches() throws Exception {
        assertThat(get("/throw-more").status()).isEqualTo(500);
        assertEvents("attach REQUEST /throw-more", "close after thrown more", "attach ERROR /error", "close");
    }

    @Test
    void anInterceptorInsideMayThrowOrRefuse() throws Exception {
        assertThat(get("/read?inner=throw").body()).isEqualTo("handled inner in /read, written in /read");
        assertThat(get("/read?inner=refuse")).isEqualTo(new Answer(200, ""));
        assertEvents("attach REQUEST /read", "close after inner", "attach REQUEST /read",
                "close");
    }

    @Test
    void anInterceptorInsideMayThrowAfterTheHandler() throws Exception {
        assertThat(get("/view?inner=throw-after").body()).isEqualTo("handled after in /view, written in /view");
        assertEvents("attach REQUEST /view", "close after after");
    }

    @Test
    void attachingMayFail() throws Exception {
        assertThat(get("/read?attach=throw").body()).isEqualTo("handled attach in nothing, written in nothing");
        assertEvents("attach REQUEST /read");
    }

    @Test
    void nothingNeedsToBeAttached() throws Exception {
        assertThat(get("/read?attach=nothing").body()).isEqualTo("read in nothing, written in nothing");
        assertEvents("attach REQUEST /read");
    }

    @Test
    void aSnapshotReplacesTheBindings() throws Exception {
        assertThat(get("/read?attach=snapshot").body()).isEqualTo("read in captured, written in captured");
        assertEvents("attach REQUEST /read");
    }

    @Test
    void anIncludedHandlerIsInsideTheOneThatIncludesIt() throws Exception {
        assertThat(get("/include").body()).isEqualTo("before in /include, included in /included, after in /include");
        assertEvents("attach REQUEST /include", "attach INCLUDE /included", "close", "close");
    }

    @Test
    void soIsAHandlerThatTheRequestIsForwardedTo() throws Exception {
        assertThat(get("/forward").body()).isEqualTo("read in /read, written in /read");
        assertEvents("attach REQUEST /forward", "attach FORWARD /read", "close", "close");
    }

    @Test
    void twoInterceptorsNest() throws Exception {
        assertThat(get("/read?two").body()).isEqualTo("read in second /read, written in second /read");
        assertEvents("attach REQUEST /read", "close");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Endpoints.class)
    static class App implements WebMvcConfigurer {

        @Override
        public void addInterceptors(InterceptorRegistry registry) {
            registry.addInterceptor(new Paths());
            registry.addInterceptor(new Second());
            registry.addInterceptor(new Inner());
        }

        @Bean
        FilterRegistrationBean<Filter> watch() {
            FilterRegistrationBean<Filter> watch = new FilterRegistrationBean<>((request, response, chain) -> {
                String before = PATH.orElse("nothing");
                try {
                    chain.doFilter(request, response);
                } finally {
                    if (!PATH.orElse("nothing").equals(before)) {
                        LEFT.add(request.getDispatcherType() + " on " + Thread.currentThread());
                    }
                }
            });
            watch.setOrder(Ordered.LOWEST_PRECEDENCE);
            watch.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
            watch.setMatchAfter(false);
            return watch;
        }

        @Bean
        RequestScopeOpener around() {
            return request -> request.getQueryString() == null
                    ? ScopedContext.without()
                    : ScopedContext.where(AROUND, "around");
        }
    }

    private static class Paths extends AttachingInterceptor {

        @Override
        protected @Nullable Attachment attach(HttpServletRequest request, Object handler) {
            String path = path(request);
            EVENTS.add("attach " + request.getDispatcherType() + " " + path);
            if ("throw".equals(request.getParameter("attach"))) {
                throw new IllegalStateException("attach");
            }
            if ("nothing".equals(request.getParameter("attach"))) {
                return null;
            }
            if ("snapshot".equals(request.getParameter("attach"))) {
                return SNAPSHOT.attach();
            }
            Attachment attachment = ScopedContext.where(PATH, path).attach();
            ScopedContext.onExit(failure -> EVENTS.add(failure == null
                    ? "close"
                    : "close after "
                            + failure.getMessage()));
            return attachment;
        }

        private static String path(HttpServletRequest request) {
            return request.getDispatcherType() == DispatcherType.INCLUDE
                    ? (String) request.getAttribute("jakarta.servlet.include.request_uri")
                    : request.getRequestURI();
        }
    }

    private static final class Second extends AttachingInterceptor {

        @Override
        protected @Nullable Attachment attach(HttpServletRequest request, Object handler) {
            return "two".equals(request.getQueryString())
                    ? ScopedContext.where(PATH, "second " + PATH.get()).attach()
                    : null;
        }
    }

    /** An interceptor inside that throws on demand. */
    private static final class Inner implements HandlerInterceptor {

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            if ("throw".equals(request.getParameter("inner"))) {
                throw new IllegalStateException("inner");
            }
            return !"refuse".equals(request.getParameter("inner"));
        }

        @Override
        public void postHandle(HttpServletRequest request, HttpServletResponse response, Object handler,
                @Nullable ModelAndView view) {
            if ("throw-after".equals(request.getParameter("inner"))) {
                throw new IllegalStateException("after");
            }
        }
    }

    @Controller
    @ControllerAdvice
    static class Endpoints implements ResponseBodyAdvice<String> {

        private static String at() {
            return " in " + PATH.orElse("nothing");
        }

        @GetMapping("/read")
        @ResponseBody
        String read() {
            return "read" + at();
        }

        @GetMapping("/callable")
        @ResponseBody
        Callable<String> callable() {
            return () -> "called";
        }

        @GetMapping("/throw")
        @ResponseBody
        String fail() {
            throw new IllegalStateException("thrown");
        }

        @GetMapping("/throw-more")
        @ResponseBody
        String failUnhandled() {
            throw new UnsupportedOperationException("thrown more");
        }

        @GetMapping("/view")
        String view() {
            return "forward:/read";
        }

        @GetMapping("/forward")
        String forward() {
            return "forward:/read";
        }

        @GetMapping("/include")
        void include(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
            response.getWriter().write("before" + at() + ", ");
            request.getRequestDispatcher("/included").include(request, response);
            response.getWriter().write(", after" + at());
            response.flushBuffer();
        }

        @GetMapping("/included")
        void included(HttpServletResponse response) throws IOException {
            response.getWriter().write("included" + at());
        }

        @ExceptionHandler
        @ResponseBody
        String handle(IllegalStateException failure) {
            return "handled " + failure.getMessage() + at();
        }

        @Override
        public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
            return type.getContainingClass() == Endpoints.class;
        }

        @Override
        public String beforeBodyWrite(String body, MethodParameter type, MediaType media,
                Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
                ServerHttpResponse response) {
            return body + ", written" + at();
        }
    }
}
