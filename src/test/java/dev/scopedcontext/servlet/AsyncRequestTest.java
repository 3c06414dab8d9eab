package dev.scopedcontext.servlet;

import static dev.scopedcontext.servlet.ServletServer.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.http.RawClient.Answer;
import dev.scopedcontext.http.Visits;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.servlet.ServletServer.Action;
import dev.scopedcontext.servlet.ServletServer.Kind;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Asynchronous requests have one scope until they are complete. */
@Tag("slow") // since Tomcat looks for timeouts once in a second
@ExtendWith(CleanThread.class)
class AsyncRequestTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Visits visits = new Visits();
    private final RequestFilter visit = RequestFilter.entering(request -> visits.visit("a"));

    @AfterEach
    void close() {
        visits.close();
    }

    private static void complete(AsyncContext async) throws IOException {
        async.getResponse().getWriter().write("done");
        async.complete();
    }

    @ParameterizedTest
    @EnumSource
    void theScopeEndsWhenTheRequestIsComplete(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "well", (request, response) -> {
            visits.step("a");
            AsyncContext async = request.startAsync();
            visits.elsewhere(() -> {
                visits.expect("nothing is known elsewhere", !visits.isHere());
                visits.expect("the visit goes on", !visits.hasEnded("a"));
                complete(async);
                return null;
            });
        });
        assertThat(answer.body()).isEqualTo("done");
    }

    @ParameterizedTest
    @EnumSource
    void aRequestMayBeCompleteBeforeTheServletReturns(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "well", (request, response) -> {
            complete(request.startAsync(request, response));
            visits.step("a");
            visits.expect("the visit goes on", !visits.hasEnded("a"));
        });
        assertThat(answer.body()).isEqualTo("done");
    }

    @ParameterizedTest
    @EnumSource
    void aDispatchIsInTheSameScope(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "well", (request, response) -> {
            int step = visits.step("a");
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch("/b");
            } else {
                response.getWriter().write(request.getRequestURI() + " is step " + step);
            }
        });
        assertThat(answer.body()).isEqualTo("/b is step 2");
    }

    /** The container forgets the listeners of one round when the next one starts. */
    @ParameterizedTest
    @EnumSource
    void aRequestMayBecomeAsynchronousAgainAndAgain(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "well", (request, response) -> {
            int step = visits.step("a");
            if (step < 4) {
                AsyncContext async = step % 2 == 0 ? request.startAsync() : request.startAsync(request, response);
                visits.elsewhere(() -> {
                    async.dispatch();
                    return null;
                });
            } else {
                response.getWriter().write("step " + step);
            }
        });
        assertThat(answer.body()).isEqualTo("step 4");
    }

    @ParameterizedTest
    @EnumSource
    void hooksSeeWhatADispatchThrows(Kind kind) throws Exception {
        assertFails(kind, "UnsupportedOperationException", (request, response) -> {
            visits.step("a");
            if (request.getDispatcherType() != DispatcherType.REQUEST) {
                throw new UnsupportedOperationException("not here");
            }
            request.startAsync().dispatch();
        }, visit);
    }

    /** Tomcat does not tell listeners that such a request is complete. */
    @ParameterizedTest
    @EnumSource
    void theScopeEndsWhereTheFirstDispatchThrows(Kind kind) throws Exception {
        assertFails(kind, "ServletException", (request, response) -> {
            request.startAsync();
            throw new ServletException("not here");
        }, visit);
    }

    /**
     * Checks the response to a request that fails after it has become asynchronous. Undertow, with or without a filter,
     * then ends it on two threads at once, and now and then closes the connection without a response.
     */
    private void assertFails(Kind kind, String ending, Action action, RequestFilter... filters) throws Exception {
        try (ServletServer server = kind.start(Thread::new, action, filters);
                RawClient client = new RawClient(server.port())) {
            try {
                assertThat(client.get("/a").status()).isEqualTo(500);
            } catch (EOFException | SocketException closed) {
                assertThat(kind).isEqualTo(Kind.UNDERTOW);
            }
            assertThat(visits.endOf("a")).isEqualTo(ending);
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
    }

    /** Jetty tells listeners nothing more where the response is on its way. */
    @ParameterizedTest
    @EnumSource
    void theScopeEndsWhereALaterDispatchThrows(Kind kind) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            visits.step("a");
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch();
            } else {
                response.flushBuffer();
                throw new UnsupportedOperationException("not here");
            }
        }, visit); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            assertThat(visits.endOf("a")).isEqualTo("UnsupportedOperationException");
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
    }

    /** Jetty makes the dispatch that was asked for before, and Undertow may make it after the end of the request. */
    @ParameterizedTest
    @EnumSource
    void aRequestThatHasFailedGetsNoOtherScope(Kind kind) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch();
                throw new UnsupportedOperationException("not here");
            }
            visits.expect("the visit is over", !visits.isHere() && visits.hasEnded("a"));
        }, visit); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            assertThat(visits.endOf("a")).isEqualTo("UnsupportedOperationException");
            readIfAnswered(client);
            server.watched.assertClean();
        }
        visits.assertAllWell(List.of("a"));
    }

    /** Undertow may hang up after a failure, and so may Tomcat if a started task throws before the servlet returns. */
    private static void readIfAnswered(RawClient client) throws IOException {
        try {
            client.read();
        } catch (EOFException | SocketException hangsUp) {
            // There is no answer.
        }
    }

    @ParameterizedTest
    @EnumSource
    void theScopeDoesNotWaitForAListenerThatIsAddedTooLate(Kind kind) throws Exception {
        ask(kind, visits, "well", (request, response) -> {
            AsyncContext async = request.startAsync();
            async.addListener(new Listening("first") {
                @Override
                public void onComplete(AsyncEvent event) {
                    event.getAsyncContext().addListener(new Listening("late"));
                    events.add("first completes");
                }
            });
            async.complete();
        });
        assertThat(events).containsExactly("first completes");
    }

    /** Jetty tells listeners on the thread of whoever completes the request. */
    @ParameterizedTest
    @EnumSource
    void hooksAndListenersSeeNothingOfWhoeverCompletesTheRequest(Kind kind) throws Exception {
        ContextKey<String> key = ContextKey.named("key");
        NamedContext hooked = NamedContext.named("hooked")
                .onSessionExit(failure -> events.add("hook " + key.isBound()));
        RequestFilter filter = RequestFilter.entering(request -> request.getRequestURI().equals("/a")
                ? visits.visit("a").enclosing(hooked::session)
                : ScopedContext.where(key, "of another request"));
        CompletableFuture<AsyncContext> first = new CompletableFuture<>();
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            if (request.getRequestURI().equals("/a")) {
                AsyncContext async = request.startAsync();
                async.addListener(new Listening("first") {
                    @Override
                    public void onComplete(AsyncEvent event) {
                        events.add("listener " + key.isBound());
                    }
                });
                first.complete(async);
            } else {
                first.join().complete();
                visits.expect("it is back", key.isBound());
            }
        }, filter);
                RawClient client = new RawClient(server.port());
                RawClient another = new RawClient(server.port())) {
            client.send("/a");
            first.join();
            another.get("/b");
            client.read();
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
        assertThat(events).containsExactly("listener false", "hook false");
    }

    @ParameterizedTest
    @EnumSource
    void theScopesInsideOfOneThatFailsEndBeforeIt(Kind kind) throws Exception {
        NamedContext outer = NamedContext.named("outer").onSessionExit(failure -> events.add("outer " + failure));
        NamedContext inner = NamedContext.named("inner")
                .onSessionExit(failure -> events.add("inner " + outer.isActive() + " " + failure));
        RequestFilter filter = RequestFilter.entering(request -> inner.session());
        assertFails(kind, "ServletException", (request, response) -> {
            filter.doFilter(request, response, (inside, answer) -> inside.startAsync());
            throw new ServletException("between the filters");
        }, RequestFilter.entering(request -> visits.visit("a").enclosing(outer::session)));
        String failure = "jakarta.servlet.ServletException: between the filters";
        assertThat(events).containsExactly("inner true " + failure, "outer " + failure);
    }

    @ParameterizedTest
    @EnumSource
    void theScopeEndsWhenTheClientHasGone(Kind kind) throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            AsyncContext async = request.startAsync();
            visits.elsewhere(() -> {
                response.flushBuffer();
                writing.countDown();
                try {
                    while (true) {
                        response.getOutputStream().write(new byte[1 << 16]);
                    }
                } catch (IOException clientHasGone) {
                    events.add("gone");
                }
                return null;
            });
            async.setTimeout(500);
        }, visit); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            writing.await();
            client.hangUp();
            assertThat(visits.endOf("a")).endsWith("Exception");
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
        assertThat(events).containsExactly("gone");
    }

    @ParameterizedTest
    @EnumSource
    void hooksSeeATimeOutAndItsErrorPageIsInTheScope(Kind kind) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            visits.step("a");
            request.startAsync().setTimeout(50);
        }, visit); RawClient client = new RawClient(server.port())) {
            server.errorPage = (request, response) -> response.getWriter().write("step " + visits.step("a"));
            assertThat(client.get("/a")).isEqualTo(new Answer(500, "step 2"));
            assertThat(visits.endOf("a")).isEqualTo("TimeoutException");
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStartedTaskSeesTheContextOfWhereItWasStarted(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "well", (request, response) -> {
            visits.step("a");
            AsyncContext async = request.startAsync();
            visits.step("a");
            async.start(() -> finish(async, 3));
        });
        assertThat(answer.body()).isEqualTo("done");
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatIsStartedElsewhereSeesTheContextOfWhereTheRequestBecameAsynchronous(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "well", (request, response) -> {
            visits.step("a");
            request.startAsync();
            AsyncContext async = request.getAsyncContext();
            visits.elsewhere(() -> {
                async.start(() -> finish(async, 2));
                return null;
            });
        });
        assertThat(answer.body()).isEqualTo("done");
    }

    private void finish(AsyncContext async, int step) {
        visits.expect("step " + step, visits.step("a") == step);
        visits.fork("a");
        try {
            complete(async);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void hooksSeeWhatAStartedTaskThrows(Kind kind) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            AsyncContext async = request.startAsync();
            async.setTimeout(50);
            async.start(() -> {
                throw new UnsupportedOperationException("not here");
            });
        }, visit); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            assertThat(visits.endOf("a")).isEqualTo("UnsupportedOperationException");
            readIfAnswered(client);
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
    }

    @ParameterizedTest
    @EnumSource
    void listenersAreInTheScopeAndItEndsAfterTheLastOfThem(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "well", (request, response) -> {
            int step = visits.step("a");
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext async = request.startAsync();
                async.addListener(new Listening("first"));
                async.addListener(new Listening("second"), request, response);
                async.dispatch();
            } else if (step == 2) {
                request.startAsync().dispatch();
            } else {
                response.getWriter().write("done");
            }
        });
        assertThat(answer.body()).isEqualTo("done");
        assertThat(events).containsExactly("first restarts", "second restarts", "first completes", "second completes");
    }

    /** Looks around, adds itself again, and fails at last. */
    private class Listening implements AsyncListener {

        private final String name;

        Listening(String name) {
            this.name = name;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            visits.step("a");
            events.add(name + " completes");
            throw new IllegalStateException("a listener fails, and the next one is told all the same");
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            events.add(name + " times out");
        }

        @Override
        public void onError(AsyncEvent event) {
            events.add(name + " sees an error");
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            visits.step("a");
            events.add(name + " restarts");
            event.getAsyncContext().addListener(this);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListenerMayAnswerATimeOut(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "TimeoutException", (request, response) -> {
            AsyncContext async = request.startAsync();
            async.setTimeout(50);
            async.addListener(new AsyncListener() {
                @Override
                public void onComplete(AsyncEvent event) {
                    visits.step("a");
                }

                @Override
                public void onTimeout(AsyncEvent event) throws IOException {
                    visits.step("a");
                    complete(event.getAsyncContext());
                }

                @Override
                public void onError(AsyncEvent event) {
                    events.add("error");
                }

                @Override
                public void onStartAsync(AsyncEvent event) {
                    events.add("start");
                }
            });
        });
        assertThat(answer).isEqualTo(new Answer(200, "done"));
        assertThat(events).isEmpty();
    }

    /** The scope is still there, since what fails is no dispatch that comes by the filter. */
    @ParameterizedTest
    @EnumSource
    void aListenerMayAnswerAnErrorAndIsInTheScopeUntilTheCompletion(Kind kind) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            visit.doFilter(request, response, (inside, answer) -> {
                visits.step("a");
                inside.startAsync().addListener(new AnsweringErrors());
            });
            throw new ServletException("around the filter");
        }); RawClient client = new RawClient(server.port())) {
            client.get("/a");
            assertThat(visits.endOf("a")).isEqualTo("ServletException");
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
        assertThat(events).containsExactly("error in step 2", "complete in step 3");
    }

    /** Jetty tells nothing of this before the timeout. */
    @Test
    void soItIsWhereTomcatTellsThatTheClientHasGone() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        try (ServletServer server = Kind.TOMCAT.start(Thread::new, (request, response) -> {
            visits.step("a");
            request.startAsync().addListener(new AnsweringErrors());
            response.flushBuffer();
            ServletOutputStream out = response.getOutputStream();
            out.setWriteListener(new WriteListener() {
                @Override
                public void onWritePossible() throws IOException {
                    writing.countDown();
                    while (out.isReady()) {
                        out.write(new byte[1 << 16]);
                    }
                }

                @Override
                public void onError(Throwable clientHasGone) {
                    events.add("gone");
                }
            });
        }, visit); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            writing.await();
            client.hangUp();
            assertThat(visits.endOf("a")).isIn("IOException", "ClientAbortException");
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
        assertThat(events).containsExactly("gone", "error in step 2", "complete in step 3");
    }

    /** Completes the request when it is told of an error. */
    private class AnsweringErrors implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            events.add("complete in step " + visits.step("a"));
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            events.add("timeout");
        }

        @Override
        public void onError(AsyncEvent event) {
            events.add("error in step " + visits.step("a"));
            event.getAsyncContext().complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            events.add("start");
        }
    }

    /** As Tomcat does without any filter. Its second telling comes after the end. */
    @ParameterizedTest
    @EnumSource
    void theScopeEndsWithTheFirstOnCompleteWhereTomcatTellsItTwice(Kind kind) throws Exception {
        CountDownLatch told = new CountDownLatch(kind == Kind.TOMCAT ? 2 : 1);
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext async = request.startAsync();
                async.addListener(new Listening("first") {
                    @Override
                    public void onComplete(AsyncEvent event) {
                        events.add("completes " + visits.isHere());
                        told.countDown();
                    }
                });
                async.dispatch();
            } else {
                response.sendError(503);
            }
        }, visit); RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a")).isEqualTo(new Answer(503, "sorry"));
            told.await();
            assertThat(visits.endOf("a")).isEqualTo("well");
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
        assertThat(events).containsExactlyElementsOf(kind == Kind.TOMCAT
                ? List.of("completes true", "first sees an error", "completes false")
                : List.of("completes true"));
    }

    /** A container whose executor is handed the context of whoever dispatches. */
    @ParameterizedTest
    @EnumSource
    void aDispatchThatContextIsHandedToIsAPieceAllTheSame(Kind kind) throws Exception {
        CompletableFuture<ContextSnapshot> first = new CompletableFuture<>();
        assertFails(kind, "UnsupportedOperationException", (request, response) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                visit.doFilter(request, response, (inside, answer) -> {
                    visits.step("a");
                    first.complete(ScopedContext.capture());
                    inside.startAsync().dispatch();
                });
                return;
            }
            first.join().<Void, IOException>call(() -> {
                try {
                    visit.doFilter(request, response, (inside, answer) -> {
                        int step = visits.step("a");
                        events.add("step " + step);
                        if (step == 3) {
                            throw new UnsupportedOperationException("not here");
                        }
                        inside.startAsync().dispatch();
                    });
                    return null;
                } catch (ServletException failure) {
                    throw new IOException(failure);
                }
            });
        });
        assertThat(events).containsExactly("step 2", "step 3");
    }

    @ParameterizedTest
    @EnumSource
    void soIsAnErrorPage(Kind kind) throws Exception {
        CompletableFuture<ContextSnapshot> first = new CompletableFuture<>();
        try (ServletServer server = kind.start(Thread::new, (request, response) -> visit.doFilter(request, response,
                (inside, answer) -> {
                    visits.step("a");
                    first.complete(ScopedContext.capture());
                    visits.step("a");
                    inside.startAsync().setTimeout(50);
                }));
                RawClient client = new RawClient(server.port())) {
            server.errorPage = (request, response) -> first.join().<Void, IOException>call(() -> {
                try {
                    visit.doFilter(request, response,
                            (inside, answer) -> answer.getWriter().write("step " + visits.step("a")));
                    return null;
                } catch (ServletException failure) {
                    throw new IOException(failure);
                }
            });
            assertThat(client.get("/a").body()).isEqualTo("step 3");
            assertThat(visits.endOf("a")).isEqualTo("TimeoutException");
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theScopesOfAllRequestsEndWithTheServerThoughSomeCannotBeClosed(Kind kind) throws Exception {
        CountDownLatch asynchronous = new CountDownLatch(3);
        RequestFilter filter = RequestFilter.entering(request -> new Unclosable(request.getRequestURI()));
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            filter.doFilter(request, response, (inside, answer) -> inside.startAsync().setTimeout(0));
            asynchronous.countDown();
        });
                RawClient first = new RawClient(server.port());
                RawClient second = new RawClient(server.port());
                RawClient third = new RawClient(server.port())) {
            first.send("/a");
            second.send("/b");
            third.send("/c");
            asynchronous.await();
            assertThatThrownBy(filter::destroy).isInstanceOf(IllegalStateException.class)
                    .hasMessage("cannot be closed")
                    .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));
        }
        assertThat(events).containsExactlyInAnyOrder("/a", "/b", "/c");
    }

    /** Opens scopes that throw when they are closed. */
    private class Unclosable implements ScopeOpener {

        private final String name;

        Unclosable(String name) {
            this.name = name;
        }

        @Override
        public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
            return op.call();
        }

        @Override
        public OpenScope open() {
            return new OpenScope() {
                @Override
                public <R, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
                    return op.call();
                }

                @Override
                public void close(Throwable failure) {
                    events.add(name);
                    throw new IllegalStateException("cannot be closed");
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatIsUnwrappedBeforeItBecomesAsynchronousIsFollowedToo(Kind kind) throws Exception {
        Answer answer = ask(kind, visits, "well", (request, response) -> {
            visits.step("a");
            HttpServletRequest unwrapped = (HttpServletRequest) ((ServletRequestWrapper) request).getRequest();
            AsyncContext async = unwrapped.startAsync();
            visits.elsewhere(() -> {
                visits.expect("the visit goes on", !visits.hasEnded("a"));
                complete(async);
                return null;
            });
        });
        assertThat(answer.body()).isEqualTo("done");
    }

    @ParameterizedTest
    @EnumSource
    void aTaskSeesWhereSuchARequestBecameAsynchronous(Kind kind) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            visit.doFilter(request, response, (inside, answer) -> ((ServletRequestWrapper) inside).getRequest()
                    .startAsync());
            AsyncContext async = request.getAsyncContext();
            visits.elsewhere(() -> {
                async.start(() -> finish(async, 1));
                return null;
            });
        }, RequestFilter.entering(request -> ScopedContext.where(ContextKey.named("key"), "outer")));
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").body()).isEqualTo("done");
            visits.assertAllWell(List.of("a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theScopeOfARequestThatIsNotCompleteEndsWithTheServer(Kind kind) throws Exception {
        CountDownLatch asynchronous = new CountDownLatch(1);
        ServletServer server = kind.start(Thread::new, (request, response) -> {
            visits.step("a");
            request.startAsync().setTimeout(0);
            asynchronous.countDown();
        }, visit);
        try (RawClient client = new RawClient(server.port())) {
            client.send("/a");
            asynchronous.await();
            server.close();
        }
        assertThat(visits.endOf("a")).endsWith("Exception");
        visits.assertAllWell(List.of("a"));
    }

    /** The scope of locals is not ended before the piece is, and that may hang. */
    @ParameterizedTest
    @EnumSource
    void aServerThatStopsDoesNotWaitForADispatch(Kind kind) throws Exception {
        CountDownLatch serving = new CountDownLatch(1);
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        ServletServer server = kind.start(Thread::new, (request, response) -> {
            visits.step("a");
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch();
                return;
            }
            serving.countDown();
            stopped.join(); // interrupted or not
            visits.step("a");
        }, visit);
        try (RawClient client = new RawClient(server.port())) {
            client.send("/a");
            serving.await();
            server.close();
        } finally {
            stopped.complete(null);
        }
        assertThat(visits.endOf("a")).isEqualTo("IllegalStateException");
        visits.assertAllWell(List.of("a"));
    }

    @ParameterizedTest
    @EnumSource
    void theScopesOfAllFiltersEndInReverseOrder(Kind kind) throws Exception {
        NamedContext outer = NamedContext.named("outer");
        NamedContext inner = NamedContext.named("inner");
        outer.onSessionExit(failure -> events.add("outer " + outer.isActive() + inner.isActive()));
        inner.onSessionExit(failure -> events.add("inner " + outer.isActive() + inner.isActive()));
        RequestFilter first = RequestFilter.entering(request -> visits.visit("a").enclosing(outer::session));
        try (ServletServer server = kind.start(Thread::new, (request, response) -> {
            events.add(request.getDispatcherType() + " " + outer.isActive() + inner.isActive());
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync().dispatch();
            }
        }, first, RequestFilter.entering(request -> inner.session()));
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").status()).isEqualTo(200);
            assertThat(visits.endOf("a")).isEqualTo("well");
            server.watched.assertClean();
        }
        assertThat(events).containsExactly("REQUEST truetrue", "ASYNC truetrue", "inner truetrue", "outer truefalse");
    }
}
