package dev.scopedcontext.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.http.RawClient.Answer;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is around an exchange, and when it ends. */
@ExtendWith(CleanThread.class)
class ExchangeFilterTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Visits visits = new Visits();
    private final ExchangeFilter visit = ExchangeFilter.entering(exchange -> visits.visit(name(exchange)));

    @AfterEach
    void close() {
        visits.close();
    }

    static String name(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().substring(1);
    }

    private Answer ask(HttpHandler handler, String path, Filter... filters) throws Exception {
        try (JdkServer server = new JdkServer(Thread::new, handler, filters);
                RawClient client = new RawClient(server.port())) {
            return client.get(path);
        }
    }

    private void endsWith(String ending, HttpHandler handler) throws Exception {
        try (JdkServer server = new JdkServer(Thread::new, handler, visit);
                RawClient client = new RawClient(server.port())) {
            assertThatThrownBy(() -> client.get("/a")).isInstanceOf(EOFException.class);
            assertThat(visits.endOf("a")).isEqualTo(ending);
            visits.assertAllWell(List.of("a"));
        }
    }

    @Test
    void aHandlerIsInTheScope() throws Exception {
        Answer answer = ask(exchange -> {
            assertThat(visits.step("a")).isEqualTo(1);
            JdkServer.answer(exchange, "done".getBytes(UTF_8));
        }, "/a", visit);
        assertThat(answer).isEqualTo(new Answer(200, "done"));
        assertThat(visits.endOf("a")).isEqualTo("well");
        visits.assertAllWell(List.of("a"));
    }

    @Test
    void eachExchangeOnAConnectionHasItsOwn() throws Exception {
        try (JdkServer server = new JdkServer(Thread::new, exchange -> {
            int step = visits.step(name(exchange));
            JdkServer.answer(exchange, ("step " + step).getBytes(UTF_8));
        }, visit); RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/a").body()).isEqualTo("step 1");
            assertThat(client.get("/b").body()).isEqualTo("step 1");
            visits.assertAllWell(List.of("a", "b"));
            server.watched().assertClean();
        }
    }

    @Test
    void hooksSeeWhatTheHandlerThrows() throws Exception {
        endsWith("UnsupportedOperationException", exchange -> {
            throw new UnsupportedOperationException("not here");
        });
    }

    @Test
    void hooksSeeACheckedException() throws Exception {
        endsWith("IOException", exchange -> {
            throw new IOException("disk");
        });
    }

    @Test
    void whatTheHandlerThrowsReachesTheFiltersAround() throws Exception {
        IOException failure = new IOException("disk");
        AtomicReference<Exception> seen = new AtomicReference<>();
        Answer answer = ask(exchange -> {
            throw failure;
        }, "/a", catching(seen), visit);
        assertThat(answer.body()).isEqualTo("sorry");
        assertThat(seen).hasValue(failure);
        assertThat(failure).hasNoSuppressedExceptions();
    }

    private static Filter catching(AtomicReference<Exception> seen) {
        return new Filter() {
            @Override
            public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
                try {
                    chain.doFilter(exchange);
                } catch (IOException | RuntimeException failure) {
                    seen.set(failure);
                    JdkServer.answer(exchange, "sorry".getBytes(UTF_8));
                }
            }

            @Override
            public String description() {
                return "catches";
            }
        };
    }

    @Test
    void whatAFunctionThrowsReachesTheFiltersAround() throws Exception {
        IllegalStateException failure = new IllegalStateException("who is it?");
        AtomicReference<Exception> seen = new AtomicReference<>();
        ask(exchange -> events.add("handled"), "/a", catching(seen), ExchangeFilter.entering(exchange -> {
            throw failure;
        }));
        assertThat(seen).hasValue(failure);
        assertThat(events).isEmpty();
    }

    @Test
    void aFunctionMustReturnSomething() throws Exception {
        AtomicReference<Exception> seen = new AtomicReference<>();
        ask(exchange -> events.add("handled"), "/a", catching(seen), ExchangeFilter.entering(exchange -> null));
        assertThat(seen.get()).isInstanceOf(NullPointerException.class)
                .hasMessage("The function of the filter returned null");
    }

    @Test
    void whatAFunctionReturnsMustOpenSomething() throws Exception {
        AtomicReference<Exception> seen = new AtomicReference<>();
        ask(exchange -> events.add("handled"), "/a", catching(seen),
                ExchangeFilter.entering(exchange -> new OpeningNothing()));
        assertThat(seen.get()).isInstanceOf(NullPointerException.class)
                .hasMessage("one that opens nothing.open() returned null");
        ask(exchange -> events.add("handled"), "/a", catching(seen),
                ExchangeFilter.entering(exchange -> ScopedContext.where(KEY, "outer"))
                        .thenEntering(exchange -> new OpeningNothing()));
        assertThat(seen.get()).isInstanceOf(NullPointerException.class)
                .hasMessage("one that opens nothing.open() returned null");
        assertThat(events).isEmpty();
    }

    @Test
    void theInnerFunctionIsCalledInsideTheOuterScope() throws Exception {
        ExchangeFilter filter = ExchangeFilter.entering(exchange -> ScopedContext.where(KEY, "outer"))
                .thenEntering(exchange -> ScopedContext.where(KEY, KEY.get() + ", inner"));
        Answer answer = ask(exchange -> JdkServer.answer(exchange, KEY.get().getBytes(UTF_8)), "/a", filter);
        assertThat(answer.body()).isEqualTo("outer, inner");
    }

    @Test
    void aWrappedHandlerIsInTheScope() throws Exception {
        HttpHandler handler = visit.wrap(exchange -> {
            visits.step("a");
            JdkServer.answer(exchange, "done".getBytes(UTF_8));
        });
        assertThat(ask(handler, "/a").body()).isEqualTo("done");
        visits.assertAllWell(List.of("a"));
    }

    /** The client's going shows as an exception of the handler, whose scope ends like any other. */
    @Test
    void aScopeEndsWhenTheClientHasGone() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        try (JdkServer server = new JdkServer(Thread::new, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            writing.countDown();
            while (true) {
                exchange.getResponseBody().write(new byte[1 << 16]);
            }
        }, visit); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            writing.await();
            client.hangUp();
            assertThat(visits.endOf("a")).endsWith("IOException");
            visits.assertAllWell(List.of("a"));
        }
    }

    @Test
    void aScopeLastsUntilASlowReaderHasLetTheHandlerWrite() throws Exception {
        byte[] body = new byte[16 << 20];
        CountDownLatch writing = new CountDownLatch(1);
        try (JdkServer server = new JdkServer(Thread::new, exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            writing.countDown();
            exchange.getResponseBody().write(body);
            visits.step("a");
            exchange.close();
        }, visit); RawClient client = new RawClient(server.port())) {
            client.send("/a");
            writing.await();
            assertThat(visits.hasEnded("a")).isFalse();
            assertThat(client.read().body()).hasSize(body.length);
            assertThat(visits.endOf("a")).isEqualTo("well");
            visits.assertAllWell(List.of("a"));
        }
    }

    @Test
    void aThreadThatGoesOnWithTheExchangeHasValuesAndNoResources() throws Exception {
        NamedContext request = NamedContext.named("request").onSessionExit(failure -> events.add("hook " + failure));
        ContextKey<String> user = request.key("user", String.class);
        CountDownLatch closed = new CountDownLatch(1);
        ResourceKey<String> db = request.resource("db", String.class, () -> "db", instance -> {
            events.add("close");
            closed.countDown();
        });
        CompletableFuture<String> seen = new CompletableFuture<>();
        Answer answer = ask(exchange -> {
            db.get();
            visits.handOver(() -> {
                try {
                    closed.await();
                    assertThatThrownBy(db::get).hasMessageContaining("is gone");
                    seen.complete(user.get());
                    JdkServer.answer(exchange, "late".getBytes(UTF_8));
                } catch (Throwable failure) {
                    seen.completeExceptionally(failure);
                    exchange.close();
                }
            });
        }, "/alice", ExchangeFilter.entering(exchange -> request.session().where(user, name(exchange))));
        assertThat(seen.get()).isEqualTo("alice");
        assertThat(answer.body()).isEqualTo("late");
        assertThat(events).containsExactly("hook null", "close");
    }
}
