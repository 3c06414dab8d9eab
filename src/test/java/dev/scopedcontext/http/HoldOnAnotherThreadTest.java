package dev.scopedcontext.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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
            .onExit(failure -> events.add("flush to " + db.get()));

    HoldOnAnotherThreadTest() {
        request.onExit(failure -> {
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
        try (JdkServer server = new JdkServer(Thread::new, this::insert, filters);
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/").body()).isEqualTo("done");
            ended.await();
            server.watched().assertClean();
        }
    }

    private void insert(HttpExchange exchange) {
        events.add("insert " + db.get());
        ExchangeHold hold = ExchangeFilter.hold();
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

    /** The handler's thread is still in the scope of the outer filter, and keeps what it has there. */
    @Test
    void outerScopeThatIsStillInUseIsNotTakenOver() throws Exception {
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
        serve(new Returning(outerReturned), ExchangeFilter.entering(exchange -> request.session()), between,
                ExchangeFilter.entering(exchange -> batch.session()));
        outerReturned.await();
        assertThat(events).containsExactly("insert db1", "flush to db2", "close db2", "insert db1", "commit db1",
                "close db1");
    }
}
