package dev.scopedcontext.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sessions of an exchange that a worker ends use what the thread of the handler has opened per task. */
@ExtendWith(CleanThread.class)
class HoldOnAnotherThreadTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final CountDownLatch returned = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService worker = Executors.newSingleThreadExecutor();

    private final NamedContext request = NamedContext.named("request");
    private final ResourceKey<String> db = request
            .resource("db", String.class, () -> "db" + opened.incrementAndGet(),
                    closed -> events.add("close " + closed))
            .perTask();
    private final NamedContext batch = NamedContext.named("batch")
            .onSessionExit(failure -> events.add("flush to " + db.get()));

    HoldOnAnotherThreadTest() {
        request.onSessionExit(failure -> {
            if (db.isOpen()) {
                events.add((failure == null ? "commit " : "roll back ") + db.get());
            }
        });
    }

    @AfterEach
    void close() {
        worker.shutdownNow();
    }

    private void serve(Filter... filters) throws Exception {
        serve(ended, filters);
    }

    /** Stops the server, which interrupts its threads, after a given event. */
    private void serve(CountDownLatch last, Filter... filters) throws Exception {
        try (JdkServer server = new JdkServer(Thread::new, this::insert, filters);
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/").body()).isEqualTo("done");
            last.await();
            server.watched().assertClean();
        }
    }

    private void insert(HttpExchange exchange) {
        events.add("insert " + db.get());
        OpenScope hold = ExchangeFilter.hold();
        worker.execute(() -> {
            try {
                returned.await();
                hold.close();
                JdkServer.answer(exchange, "done".getBytes(UTF_8));
            } catch (IOException | InterruptedException failure) {
                events.add(failure.toString());
            } finally {
                ended.countDown();
            }
        });
    }

    @Test
    void whatTheHandlerInsertedIsCommitted() throws Exception {
        serve(new Returning(returned), ExchangeFilter.entering(exchange -> request.session()));
        assertThat(events).containsExactly("insert db1", "commit db1", "close db1");
    }

    @Test
    void hooksOfAnInnerSessionUseItToo() throws Exception {
        serve(new Returning(returned), ExchangeFilter.entering(exchange -> request.session())
                .thenEntering(exchange -> batch.session()));
        assertThat(events).containsExactly("insert db1", "flush to db1", "commit db1", "close db1");
    }

    @Test
    void soDoThoseOfAnInnerFilter() throws Exception {
        serve(new Returning(returned), ExchangeFilter.entering(exchange -> request.session()),
                ExchangeFilter.entering(exchange -> batch.session()));
        assertThat(events).containsExactly("insert db1", "flush to db1", "commit db1", "close db1");
    }

    /** The handler's thread is still in the scope of the outer filter, and what it has there is not taken away. */
    @Test
    void innerScopeEndsWithAnOuterOneThatIsStillInUse() throws Exception {
        Filter between = new Filter() {
            @Override
            public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
                chain.doFilter(exchange);
                returned.countDown();
                try {
                    ended.await();
                } catch (InterruptedException failure) {
                    throw new IOException(failure);
                }
                events.add("insert " + db.get());
            }

            @Override
            public String description() {
                return "waits for the inner scope to end";
            }
        };
        CountDownLatch outerReturned = new CountDownLatch(1);
        serve(outerReturned, new Returning(outerReturned), ExchangeFilter.entering(exchange -> request.session()),
                between,
                ExchangeFilter.entering(exchange -> batch.session()));
        assertThat(events).containsExactly("insert db1", "insert db1", "flush to db1", "commit db1", "close db1");
    }

    /** Closes the last hold on another thread when the filters inside have returned. */
    private static Filter closing(AtomicReference<OpenScope> hold) {
        return new Filter() {
            @Override
            public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
                chain.doFilter(exchange);
                CompletableFuture.runAsync(hold.get()::close, task -> new Thread(task).start()).join();
            }

            @Override
            public String description() {
                return "closes the last hold";
            }
        };
    }

    private void handle(HttpHandler handler, Filter... filters) throws IOException {
        new Filter.Chain(List.of(filters), handler).doFilter(null);
    }

    @Test
    void failureOfAScopeThatEndsLaterIsToldToTheOuterOne() {
        AtomicReference<OpenScope> hold = new AtomicReference<>();
        IllegalStateException failure = new IllegalStateException("flush");
        batch.onSessionExit(soFar -> {
            throw failure;
        });
        assertThatThrownBy(() -> handle(exchange -> {
            events.add("insert " + db.get());
            hold.set(ExchangeFilter.hold());
        }, ExchangeFilter.entering(exchange -> request.session()), closing(hold),
                ExchangeFilter.entering(exchange -> batch.session()))).isSameAs(failure);
        assertThat(events).containsExactly("insert db1", "flush to db1", "roll back db1", "close db1");
    }

    @Test
    void scopeThatEndsLaterEndsWithTheNextOneAround() throws Exception {
        AtomicReference<OpenScope> hold = new AtomicReference<>();
        NamedContext middle = NamedContext.named("middle").onSessionExit(failure -> events.add("middle " + db.get()));
        Filter outermost = new Filter() {
            @Override
            public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
                chain.doFilter(exchange);
                events.add("insert " + db.get());
            }

            @Override
            public String description() {
                return "inserts";
            }
        };
        handle(exchange -> {
            events.add("insert " + db.get());
            hold.set(ExchangeFilter.hold());
        }, ExchangeFilter.entering(exchange -> request.session()), outermost,
                ExchangeFilter.entering(exchange -> middle.session()), closing(hold),
                ExchangeFilter.entering(exchange -> batch.session()));
        assertThat(events).containsExactly("insert db1", "flush to db1", "middle db1", "insert db1", "commit db1",
                "close db1");
    }

    /** One of them leaves both scopes last, not each of them one. */
    @Test
    void twoHoldsThatAreClosedAtOnceEndBothScopesTogether() throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 2000; round++) {
                events.clear();
                opened.set(0);
                List<OpenScope> holds = new CopyOnWriteArrayList<>();
                handle(exchange -> {
                    events.add("insert " + db.get());
                    holds.add(ExchangeFilter.hold());
                    holds.add(ExchangeFilter.hold());
                }, ExchangeFilter.entering(exchange -> request.session()),
                        ExchangeFilter.entering(exchange -> batch.session()));
                CyclicBarrier start = new CyclicBarrier(2);
                List<Callable<Void>> closing = holds.stream().<Callable<Void>>map(hold -> () -> {
                    start.await();
                    hold.close();
                    return null;
                }).toList();
                for (Future<Void> closed : two.invokeAll(closing)) {
                    closed.get();
                }
                assertThat(events).containsExactly("insert db1", "flush to db1", "commit db1", "close db1");
            }
        } finally {
            two.shutdownNow();
        }
    }

    /** A conversation that lasts longer than its exchanges. */
    @Test
    void exchangeThatAWorkerEndsLeavesAConversationToItsOpener() throws Exception {
        List<OpenScope> held = new CopyOnWriteArrayList<>();
        OpenScope conversation = request.session().open();
        HttpHandler inner = ExchangeFilter.entering(exchange -> batch.session())
                .wrap(exchange -> held.add(ExchangeFilter.hold()));
        HttpHandler outer = ExchangeFilter.entering(exchange -> conversation::hold).wrap(inner);
        conversation.<Void, Exception>call(() -> {
            events.add("insert " + db.get());
            outer.handle(null);
            worker.submit(() -> held.get(0).close()).get();
            events.add("insert " + db.get());
            return null;
        });
        conversation.close();
        assertThat(events).containsExactly("insert db1", "flush to db2", "close db2", "insert db1", "commit db1",
                "close db1");
    }
}
