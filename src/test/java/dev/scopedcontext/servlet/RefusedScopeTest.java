package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.KeyMirror;
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
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** X3c: the scopes of a request end, and its listeners are told, also where a context cannot be entered any more. */
@Tag("slow") // since Tomcat looks for timeouts once in a second
@ExtendWith(CleanThread.class)
class RefusedScopeTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Visits visits = new Visits();
    private volatile boolean refusing;
    private final ContextKey<String> user = ContextKey.<String>builder("user").mirror(new Refusing()).build();

    private final RequestFilter bindings = RequestFilter.entering(request -> ScopedContext.where(user, "alice"));
    private final RequestFilter visit = RequestFilter.entering(request -> visits.visit("a"));
    private final RequestFilter both = bindings.thenEntering(request -> visits.visit("a"));

    @AfterEach
    void close() {
        visits.close();
    }

    private final class Refusing implements KeyMirror<String> {

        @Override
        public Runnable show(String value) {
            return change();
        }

        @Override
        public Runnable hide() {
            return change();
        }

        private Runnable change() {
            if (refusing) {
                throw new UnsupportedOperationException("detached");
            }
            return () -> {
            };
        }
    }

    private Answer ask(Kind kind, Action action, String ending, RequestFilter... filters) throws Exception {
        return ask(kind, action, List.of(ending), filters);
    }

    private Answer ask(Kind kind, Action action, List<String> endings, RequestFilter... filters) throws Exception {
        try (ServletServer server = kind.start(Thread::new, action, filters);
                RawClient client = new RawClient(server.port())) {
            Answer answer = client.get("/a");
            assertThat(visits.endOf("a")).isIn(endings);
            visits.assertAllWell(List.of("a"));
            server.watched.assertClean();
            return answer;
        }
    }

    @ParameterizedTest
    @EnumSource
    void innerScopeEnds(Kind kind) throws Exception {
        ask(kind, (request, response) -> {
            visits.step("a");
            refusing = true;
        }, "UnsupportedOperationException", both);
    }

    /** Here the outer scope is entered on the stack, and the inner one ends in it. */
    @ParameterizedTest
    @EnumSource
    void scopeOfTheInnerFilterEnds(Kind kind) throws Exception {
        ask(kind, (request, response) -> {
            visits.step("a");
            refusing = true;
        }, "well", bindings, visit);
    }

    @ParameterizedTest
    @EnumSource
    void failureOfTheServletComesFirst(Kind kind) throws Exception {
        IllegalStateException failure = new IllegalStateException("not here");
        Answer answer = ask(kind, (request, response) -> {
            visits.step("a");
            refusing = true;
            throw failure;
        }, "IllegalStateException", both);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(UnsupportedOperationException.class);
    }

    private void completeElsewhere(AsyncContext async) {
        visits.elsewhere(() -> {
            refusing = true;
            async.complete();
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void innerScopeOfAnAsynchronousRequestEnds(Kind kind) throws Exception {
        ask(kind, (request, response) -> {
            visits.step("a");
            completeElsewhere(request.startAsync());
        }, "UnsupportedOperationException", both);
    }

    @ParameterizedTest
    @EnumSource
    void scopeOfTheInnerFilterOfAnAsynchronousRequestEnds(Kind kind) throws Exception {
        ask(kind, (request, response) -> {
            visits.step("a");
            completeElsewhere(request.startAsync());
        }, "UnsupportedOperationException", bindings, visit);
    }

    @ParameterizedTest
    @EnumSource
    void allListenersAreToldInTheScopesThatCanBeEntered(Kind kind) throws Exception {
        NamedContext outer = NamedContext.named("outer");
        ask(kind, (request, response) -> {
            AsyncContext async = request.startAsync();
            async.addListener(new Listening("first", outer));
            async.addListener(new Listening("second", outer));
            completeElsewhere(async);
        }, "UnsupportedOperationException", RequestFilter.entering(request -> outer.session()), bindings, visit);
        assertThat(events).containsExactly("first in outer true, user - in visit true",
                "second in outer true, user - in visit true");
    }

    /** Tells where it is told of the completion. */
    private final class Listening implements AsyncListener {

        private final String name;
        private final NamedContext outer;

        Listening(String name, NamedContext outer) {
            this.name = name;
            this.outer = outer;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            events.add(name + " in outer " + outer.isActive() + ", user " + user.orElse("-") + " in visit "
                    + visits.isHere());
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
            events.add(name + " restarts");
        }
    }

    /** Jetty tells listeners on the completing thread if the dispatch has returned; Tomcat on one of its own. */
    @ParameterizedTest
    @EnumSource
    void scopeEndsWhereTheContextOfTheCallerOfCompleteCannotBeHidden(Kind kind) throws Exception {
        ask(kind, (request, response) -> {
            AsyncContext async = request.startAsync();
            visits.elsewhere(() -> {
                ScopedContext.where(user, "bob").run(() -> {
                    refusing = true;
                    async.complete();
                });
                return null;
            });
        }, kind == Kind.JETTY ? List.of("UnsupportedOperationException", "well") : List.of("well"), visit);
    }

    /** The container is asked last, so that the request stays as it is. */
    @ParameterizedTest
    @EnumSource
    void requestDoesNotBecomeAsynchronousWhereItsContextCannotBeCaptured(Kind kind) throws Exception {
        ContextKey<List<String>> cart = ContextKey.<List<String>>builder("cart").handOff(HandOff.copy(list -> {
            throw new ConcurrentModificationException("cart");
        })).build();
        Answer answer = ask(kind, (request, response) -> {
            ScopedContext.where(cart, List.of()).run(() -> {
                assertThatThrownBy(request::startAsync).hasMessage("cart");
                assertThatThrownBy(() -> request.startAsync(request, response)).hasMessage("cart");
            });
            response.getWriter().write("asynchronous: " + request.isAsyncStarted());
        }, "well", visit);
        assertThat(answer).isEqualTo(new Answer(200, "asynchronous: false"));
    }
}
