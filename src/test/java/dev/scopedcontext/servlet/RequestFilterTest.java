package dev.scopedcontext.servlet;

import static dev.scopedcontext.servlet.ServletServer.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.http.OpeningNothing;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.http.RawClient.Answer;
import dev.scopedcontext.http.Visits;
import dev.scopedcontext.servlet.ServletServer.Kind;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is around a request, and when it ends. */
@ExtendWith(CleanThread.class)
class RequestFilterTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Visits visits = new Visits();
    private final RequestFilter visit = RequestFilter.entering(request -> visits.visit("a"));

    @AfterEach
    void close() {
        visits.close();
    }

    @ParameterizedTest
    @EnumSource
    void aServletIsInTheScope(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "well", (request, response) -> {
            assertThat(visits.step("a")).isEqualTo(1);
            response.getWriter().write("done");
        });
        assertThat(answer).isEqualTo(new Answer(200, "done"));
    }

    @ParameterizedTest
    @EnumSource
    void eachRequestOnAConnectionHasItsOwn(Kind kind) throws Exception {
        RequestFilter filter = RequestFilter.entering(request -> visits.visit(request.getRequestURI()));
        try (ServletServer server = kind.start(Thread::new, (request, response) -> response.getWriter()
                .write("step " + visits.step(request.getRequestURI())), filter);
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").body()).isEqualTo("step 1");
            assertThat(client.get("/b").body()).isEqualTo("step 1");
            visits.assertAllWell(List.of("/a", "/b"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void soHaveRequestsThatDoNotWaitForTheAnswerBefore(Kind kind) throws Exception {
        RequestFilter filter = RequestFilter.entering(request -> visits.visit(request.getRequestURI()));
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            String answer = "step " + visits.step(request.getRequestURI());
            if (request.getRequestURI().equals("/a")) {
                AsyncContext async = request.startAsync();
                async.start(() -> {
                    write(response, answer);
                    async.complete();
                });
            } else {
                write(response, answer);
            }
        }, filter); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            client.send("/b");
            assertThat(client.read().body()).isEqualTo("step 1");
            assertThat(client.read().body()).isEqualTo("step 1");
            visits.assertAllWell(List.of("/a", "/b"));
            server.watched.assertClean();
        }
    }

    private static void write(HttpServletResponse response, String answer) {
        try {
            response.getWriter().write(answer);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hooksSeeWhatTheServletThrows(Kind kind) throws Exception {
        assertThat(ask(kind, visits, "ServletException", (request, response) -> {
            throw new ServletException("not here");
        }).status()).isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource
    void hooksSeeAnyExceptionOfTheServlet(Kind kind) throws Exception {
        assertThat(ask(kind, visits, "UnsupportedOperationException", (request, response) -> {
            throw new UnsupportedOperationException("not here");
        }).status()).isEqualTo(500);
    }

    @ParameterizedTest
    @EnumSource
    void whatAFunctionThrowsGoesToTheContainer(Kind kind) throws Exception {
        RequestFilter filter = RequestFilter.entering(request -> {
            throw new IllegalStateException("who is it?");
        });
        try (ServletServer server = kind.start(Thread::new, (request, response) -> events.add("served"), filter);
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").status()).isEqualTo(500);
        }
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatAFunctionReturnsMustOpenSomething(Kind kind) throws Exception {
        RequestFilter filter = RequestFilter.entering(request -> new OpeningNothing());
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            assertThatThrownBy(() -> filter.doFilter(request, response, (inside, answer) -> events.add("served")))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("one that opens nothing.open() returned null");
            events.add("refused");
        }); RawClient client = new RawClient(server.port())) {
            client.get("/a");
        }
        assertThat(events).containsExactly("refused");
    }

    @ParameterizedTest
    @EnumSource
    void theScopeEndsWhereARequestTakesNoAttributes(Kind kind) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> visit.doFilter(
                new HttpServletRequestWrapper(request) {
                    @Override
                    public void setAttribute(String name, Object value) {
                        throw new UnsupportedOperationException("read only");
                    }
                }, response, (inside, answer) -> events.add("served")));
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").status()).isEqualTo(500);
            assertThat(visits.endOf("a")).isEqualTo("UnsupportedOperationException");
            server.watched.assertClean();
        }
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theInnerFunctionIsCalledInsideTheOuterScope(Kind kind) throws Exception {
        RequestFilter filter = RequestFilter.entering(request -> ScopedContext.where(KEY, "outer"))
                .thenEntering(request -> ScopedContext.where(KEY, KEY.get() + ", inner"));
        try (ServletServer server = kind.start(Thread::new,
                (request, response) -> response.getWriter().write(KEY.get()), filter);
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").body()).isEqualTo("outer, inner");
        }
    }

    @ParameterizedTest
    @EnumSource
    void forwardsAndIncludesAreInTheScopeOfTheRequest(Kind kind) throws Exception {
        RequestFilter around = RequestFilter.entering(request -> ScopedContext.where(KEY, "around"));
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            int step = visits.step("a");
            response.getWriter().write(request.getDispatcherType() + " " + step + " ");
            if (step == 1) {
                request.getRequestDispatcher("/b").include(request, response);
                response.reset();
                request.getRequestDispatcher("/c").forward(request, response);
            }
        }, around, visit); RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").body()).isEqualTo("FORWARD 3 ");
            visits.assertAllWell(List.of("a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForwardHasAScopeOfItsOwnWhereThatIsAskedFor(Kind kind) throws Exception {
        RequestFilter filter = RequestFilter
                .entering(request -> ScopedContext.where(KEY, KEY.orElse("") + request.getDispatcherType() + " "))
                .openingFor(DispatcherType.FORWARD);
        CountDownLatch returned = new CountDownLatch(1);
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            events.add(KEY.get());
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.getRequestDispatcher("/b").forward(request, response);
                events.add(KEY.get());
                returned.countDown();
            }
        }, filter); RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").status()).isEqualTo(200);
            returned.await();
            assertThat(events).containsExactly("REQUEST ", "REQUEST FORWARD ", "REQUEST ");
            server.watched.assertClean();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorPageIsOutsideOfTheScopeThatHasEnded(Kind kind) throws Exception {
        assertThat(errorPage(kind, visit)).isEqualTo("outside");
        assertThat(visits.endOf("a")).isEqualTo("ServletException");
    }

    @ParameterizedTest
    @EnumSource
    void soIsWhatItForwardsTo(Kind kind) throws Exception {
        RequestFilter first = RequestFilter.entering(request -> ScopedContext.where(KEY, "around"));
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            throw new ServletException("not here");
        }, first, visit); RawClient client = new RawClient(server.port())) {
            server.errorPage = (request, response) -> {
                if (request.getRequestURI().equals("/error")) {
                    request.getRequestDispatcher("/page").forward(request, response);
                } else {
                    response.getWriter().write(visits.isHere() ? "inside" : "outside");
                }
            };
            assertThat(client.get("/a").body()).isEqualTo("outside");
            visits.assertAllWell(List.of("a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorPageHasAScopeOfItsOwnWhereThatIsAskedFor(Kind kind) throws Exception {
        RequestFilter filter = RequestFilter
                .entering(request -> visits.visit(request.getDispatcherType().name()))
                .openingFor(DispatcherType.ERROR);
        assertThat(errorPage(kind, filter)).isEqualTo("inside");
        assertThat(visits.endOf("REQUEST")).isEqualTo("ServletException");
        assertThat(visits.endOf("ERROR")).isEqualTo("well");
    }

    private String errorPage(Kind kind, RequestFilter filter) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            throw new ServletException("not here");
        }, filter); RawClient client = new RawClient(server.port())) {
            server.errorPage = (request, response) -> response.getWriter()
                    .write(visits.isHere() ? "inside" : "outside");
            Answer answer = client.get("/a");
            assertThat(answer.status()).isEqualTo(500);
            server.watched.assertClean();
            return answer.body();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aScopeEndsWhenTheClientHasGone(Kind kind) throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            response.flushBuffer();
            writing.countDown();
            while (true) {
                response.getOutputStream().write(new byte[1 << 16]);
            }
        }, visit); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            writing.await();
            client.hangUp();
            assertThat(visits.endOf("a")).endsWith("Exception");
            visits.assertAllWell(List.of("a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aScopeLastsUntilASlowReaderHasLetTheServletWrite(Kind kind) throws Exception {
        byte[] body = new byte[16 << 20];
        CountDownLatch writing = new CountDownLatch(1);
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            response.flushBuffer();
            writing.countDown();
            response.getOutputStream().write(body);
            visits.step("a");
        }, visit); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            writing.await();
            assertThat(visits.hasEnded("a")).isFalse();
            assertThat(client.read().body()).hasSize(body.length);
            assertThat(visits.endOf("a")).isEqualTo("well");
        }
    }

    @Test
    void onlyDispatchesInsideTheRequestCanHaveTheirOwnScopes() {
        assertThatThrownBy(() -> visit.openingFor(DispatcherType.ASYNC)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A request has one scope, which its asynchronous dispatches share: open others for FORWARD,"
                        + " INCLUDE or ERROR, not for [ASYNC]");
    }

    /** As a {@code ServletContextListener} bean of Spring Boot. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNDERTOW") // accepts the filter
    void aListenerThatCodeHasAddedIsToldWhatToUse(Kind kind) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        kind.deploy(Thread::new, (context, server) -> context.addListener(new ServletContextListener() {

            @Override
            public void contextInitialized(ServletContextEvent event) {
                thrown.set(catchThrowable(() -> visit.addTo(event.getServletContext())));
            }
        })).close();
        assertThat(thrown.get()).isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("A listener that was added by code cannot add filters. In Spring Boot, declare a bean of"
                        + " type ServletContextInitializer instead of a ServletContextListener, and call"
                        + " addTo(context) in its onStartup(context). Elsewhere, declare the listener in web.xml or by"
                        + " @WebListener")
                .hasCauseInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void argumentsMustNotBeNull() {
        assertThatThrownBy(() -> RequestFilter.entering(null)).isInstanceOf(NullPointerException.class)
                .hasMessage("scope");
        assertThatThrownBy(() -> visit.thenEntering(null)).isInstanceOf(NullPointerException.class).hasMessage("inner");
        assertThatThrownBy(() -> visit.addTo(null)).isInstanceOf(NullPointerException.class).hasMessage("context");
    }
}
