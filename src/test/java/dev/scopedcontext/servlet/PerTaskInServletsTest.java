package dev.scopedcontext.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.http.RawClient;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.servlet.ServletServer.Kind;
import jakarta.servlet.AsyncContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions of a request that a pool completes use what the first thread of the request has opened per task. */
@Tag("slow") // since Tomcat looks for timeouts once in a second
@ExtendWith(CleanThread.class)
class PerTaskInServletsTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    private final NamedContext request = NamedContext.named("request");
    private final ResourceKey<String> db = request.resource("db", String.class, () -> "db" + opened.incrementAndGet(),
            closed -> {
                events.add("close " + closed);
                ended.countDown();
            }).perTask();
    private final NamedContext batch = NamedContext.named("batch")
            .onSessionExit(failure -> events.add("flush to " + db.get()));

    PerTaskInServletsTest() {
        request.onSessionExit(failure -> {
            if (db.isOpen()) {
                events.add((failure == null ? "commit " : "roll back ") + db.get());
            }
        });
    }

    @AfterEach
    void close() {
        pool.shutdownNow();
    }

    private void serve(Kind kind, RequestFilter... filters) throws Exception {
        try (ServletServer server = kind.start(Thread::new, (asked, response) -> {
            events.add("insert " + db.get());
            AsyncContext async = asked.startAsync();
            pool.execute(async::complete);
        }, filters); RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/").status()).isEqualTo(200);
            ended.await();
            server.watched.assertClean();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheServletInsertedIsCommitted(Kind kind) throws Exception {
        serve(kind, RequestFilter.entering(asked -> request.session()));
        assertThat(events).containsExactly("insert db1", "commit db1", "close db1");
    }

    @ParameterizedTest
    @EnumSource
    void hooksOfAnInnerSessionUseItToo(Kind kind) throws Exception {
        serve(kind, RequestFilter.entering(asked -> request.session()).thenEntering(asked -> batch.session()));
        assertThat(events).containsExactly("insert db1", "flush to db1", "commit db1", "close db1");
    }

    @ParameterizedTest
    @EnumSource
    void soDoThoseOfAnInnerFilter(Kind kind) throws Exception {
        serve(kind, RequestFilter.entering(asked -> request.session()),
                RequestFilter.entering(asked -> batch.session()));
        assertThat(events).containsExactly("insert db1", "flush to db1", "commit db1", "close db1");
    }
}
