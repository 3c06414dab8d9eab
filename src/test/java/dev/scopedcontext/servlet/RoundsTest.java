package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.http.RawClient.Answer;
import dev.scopedcontext.http.Visits;
import dev.scopedcontext.servlet.ScenarioSteps.NoListener;
import dev.scopedcontext.servlet.ServletServer.Kind;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.GenericServlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A listener belongs to the round in which it was added, and the scope ends once, after the last round. */
@Tag("slow") // since Tomcat looks for timeouts once in a second
@ExtendWith(CleanThread.class)
class RoundsTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Visits visits = new Visits();
    private final RequestFilter visit = RequestFilter.entering(request -> visits.visit("a"));

    @AfterEach
    void close() {
        visits.close();
    }

    /** Notes events, and whether the scope is there. */
    private class Listener extends NoListener {

        private final String name;

        Listener(String name) {
            this.name = name;
        }

        void add(String event) {
            events.add(name + " " + event + " " + visits.isHere());
        }

        @Override
        public void onComplete(AsyncEvent event) {
            add("completes");
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            add("times out");
            event.getAsyncContext().complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            add("restarts");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerOfALaterRoundAnswersItsTimeOut(Kind kind) throws Exception {
        Answer answer = ServletServer.ask(kind, visits, "TimeoutException", (request, response) -> {
            visits.step("a");
            AsyncContext async = request.startAsync();
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                async.addListener(new Listener("first"));
                async.dispatch();
            } else {
                async.setTimeout(100);
                async.addListener(new Listener("second"));
            }
        });
        assertThat(answer.status()).isEqualTo(200);
        assertThat(events).containsExactly("first restarts true", "second times out true", "second completes true");
    }

    /** Undertow completes the round before, too, and reports the start of the last one only after that. */
    @ParameterizedTest
    @EnumSource
    void theScopeEndsAfterTheLastRound(Kind kind) throws Exception {
        ServletServer.ask(kind, visits, "well", (request, response) -> {
            visits.step("a");
            AsyncContext async = request.startAsync();
            async.addListener(new Listener(request.getDispatcherType().name()));
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                async.dispatch();
            } else {
                async.complete();
                visits.expect("the visit goes on", !visits.hasEnded("a"));
            }
        });
        assertThat(events.subList(0, 2)).containsExactlyElementsOf(kind == Kind.UNDERTOW
                ? List.of("REQUEST completes true", "ASYNC completes true")
                : List.of("REQUEST restarts true", "ASYNC completes true"));
    }

    @ParameterizedTest
    @EnumSource
    void everyRoundMayBeStartedOnTheRequestOfTheContainer(Kind kind) throws Exception {
        Answer answer = ServletServer.ask(kind, visits, "well", (request, response) -> {
            int step = visits.step("a");
            if (step == 4) {
                response.getWriter().write("step 4");
                return;
            }
            ((ServletRequestWrapper) request).getRequest().startAsync();
            request.getAsyncContext().addListener(new Listener("round " + step));
            AsyncContext async = request.getAsyncContext();
            if (step < 3) {
                async.dispatch();
            } else {
                visits.elsewhere(() -> {
                    visits.expect("the visit goes on", !visits.hasEnded("a"));
                    async.dispatch();
                    return null;
                });
            }
        });
        assertThat(answer.body()).isEqualTo("step 4");
        assertThat(events).containsExactly("round 1 restarts true", "round 2 restarts true", "round 3 completes true");
    }

    /**
     * The exception is thrown around the filter, where it does not end the scope. Tomcat does not make this dispatch.
     * Undertow makes it after the end of the request.
     */
    @ParameterizedTest
    @EnumSource(names = {"TOMCAT", "JETTY"})
    void aDispatchThatAnswersAnErrorIsInTheScope(Kind kind) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                visit.doFilter(request, response, (inside, answer) -> {
                    events.add("dispatch in step " + visits.step("a"));
                });
                return;
            }
            visit.doFilter(request, response, (inside, answer) -> {
                visits.step("a");
                inside.startAsync().addListener(new Listener("first") {
                    @Override
                    public void onError(AsyncEvent event) {
                        add("fails");
                        event.getAsyncContext().dispatch();
                    }
                });
            });
            throw new ServletException("around the filter");
        }); RawClient client = new RawClient(server.port())) {
            client.get("/a");
            assertThat(visits.endOf("a")).isEqualTo("ServletException");
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
        assertThat(events).containsExactlyElementsOf(kind == Kind.JETTY
                ? List.of("first fails true", "dispatch in step 2", "first completes true")
                : List.of("first fails true", "first completes true"));
    }

    /** Only a dispatch can bring such a request, or a filter further outside. */
    @ParameterizedTest
    @EnumSource
    void aRequestMayComeInAPlainWrapper(Kind kind) throws Exception {
        GenericServlet servlet = new GenericServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            public void service(ServletRequest request, ServletResponse response) throws IOException {
                int step = visits.step("a");
                AsyncContext async = step == 1 ? request.startAsync() : request.startAsync(request, response);
                async.addListener(new Listener("round " + step));
                if (step < 3) {
                    async.dispatch();
                } else {
                    response.getWriter().write(visits.isHere() + " " + request.getAsyncContext().equals(async));
                    visits.elsewhere(() -> {
                        async.complete();
                        return null;
                    });
                }
            }
        };
        try (ServletServer server = kind.deploy(Thread::new, (context, unused) -> {
            var plain = context.addFilter("plain", (request, response, chain) -> chain.doFilter(
                    new ServletRequestWrapper(request), response));
            plain.setAsyncSupported(true);
            plain.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC), false, "/*");
            visit.addTo(context);
            ServletServer.addServlet(context, servlet);
        }); RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a")).isEqualTo(new Answer(200, "true true"));
            assertThat(visits.endOf("a")).isEqualTo("well");
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
        assertThat(events).contains("round 1 restarts true", "round 2 restarts true", "round 3 completes true");
    }
}
