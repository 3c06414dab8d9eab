package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.servlet.RequestFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.CharArrayWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.AbstractAccessLogValve;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** The remedies of docs/guide/troubleshooting.md, beside the code that they mend where no message tells the fault. */
@ExtendWith(CleanThread.class)
class TroubleshootingExamplesTest {

    /** Kept, since the settings of loggers that nothing refers to are lost. */
    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    static final ContextKey<String> USER = ContextKey.named("user");

    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final List<String> stored = new CopyOnWriteArrayList<>();

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    private String load() {
        return "page for " + USER.get();
    }

    private void store(String order) {
        stored.add(order + " of " + USER.get());
    }

    @Test
    void executorIsWrapped() throws Exception {
        ExecutorService executor = ContextExecutors.propagating(pool);
        assertThat(ScopedContext.where(USER, "alice").call(() -> executor.submit(this::load)).get())
                .isEqualTo("page for alice");
    }

    static List<String> greet(List<String> names) {
        ContextSnapshot now = ScopedContext.capture();
        return names.parallelStream().map(now.wrapFunction((String name) -> USER.get() + " greets " + name)).toList();
    }

    static CompletableFuture<String> loadAsync(Executor executor) {
        return ContextExecutors.supplyAsync(() -> "page for " + USER.get(), executor);
    }

    @Test
    void functionsAndFuturesAreWrapped() {
        List<String> names = IntStream.range(0, 1000).mapToObj(String::valueOf).toList();
        ScopedContext.where(USER, "alice").run(() -> {
            assertThat(greet(names)).hasSize(1000).allMatch(greeting -> greeting.startsWith("alice greets"));
            assertThat(loadAsync(pool).join()).isEqualTo("page for alice");
        });
    }

    @Test
    void delayIsInside() throws Exception {
        Executor late = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, ContextExecutors.propagating(pool));
        Executor delayed = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS, pool);
        Executor executor = ContextExecutors.propagating(delayed);
        ScopedContext.where(USER, "alice").run(() -> {
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(USER::get, late).join())
                    .hasRootCauseInstanceOf(UnboundContextException.class);
            assertThat(CompletableFuture.supplyAsync(USER::get, executor).join()).isEqualTo("alice");
        });
    }

    static void publish(SubmissionPublisher<Runnable> publisher, Consumer<String> store, String order) {
        publisher.submit(ScopedContext.capture().wrap(() -> store.accept(order)));
    }

    @Test
    void itemOfAPublisherBringsItsContext() throws Exception {
        CountDownLatch begin = busy();
        try (SubmissionPublisher<String> orders = new SubmissionPublisher<>(ContextExecutors.propagating(pool), 8);
                SubmissionPublisher<Runnable> tasks = new SubmissionPublisher<>(pool, 8)) {
            CompletableFuture<Void> ofOrders = orders.consume(this::store);
            CompletableFuture<Void> ofTasks = tasks.consume(Runnable::run);
            for (String user : List.of("alice", "bob")) {
                ScopedContext.where(USER, user).run(() -> {
                    orders.submit("order of " + user + " is that");
                    publish(tasks, this::store, "task of " + user + " is that");
                });
            }
            begin.countDown();
            orders.close();
            tasks.close();
            ofOrders.exceptionally(failure -> null).join();
            ofTasks.join();
        }
        assertThat(stored).contains("task of alice is that of alice", "task of bob is that of bob")
                .doesNotContain("order of bob is that of bob");
    }

    @Test
    void serialExecutorIsWrappedAndWrapsNothing() throws Exception {
        CountDownLatch begin = busy();
        Executor wrong = new Serial(ContextExecutors.propagating(pool));
        Executor right = ContextExecutors.propagating(new Serial(pool));
        for (String user : List.of("alice", "bob")) {
            ScopedContext.where(USER, user).run(() -> {
                wrong.execute(() -> store("wrong"));
                right.execute(() -> store("right"));
            });
        }
        begin.countDown();
        pool.submit(() -> stored.add("end")).get();
        assertThat(stored).containsExactly("wrong of alice", "wrong of alice", "right of alice", "right of bob",
                "end");
    }

    @Test
    void queueOfReactorRunsAllInTheContextOfTheFirst() {
        CountDownLatch begin = busy();
        Sinks.Many<String> orders = Sinks.many().unicast().onBackpressureBuffer();
        CompletableFuture<Void> end = new CompletableFuture<>();
        ScopedContext.where(USER, "alice").run(() -> orders.asFlux()
                .publishOn(Schedulers.fromExecutor(ContextExecutors.propagating(pool)))
                .subscribe(this::store, end::completeExceptionally, () -> end.complete(null)));
        ScopedContext.where(USER, "alice").run(() -> orders.tryEmitNext("1").orThrow());
        ScopedContext.where(USER, "bob").run(() -> orders.tryEmitNext("2").orThrow());
        orders.tryEmitComplete();
        begin.countDown();
        end.join();
        assertThat(stored).containsExactly("1 of alice", "2 of alice");
    }

    @Test
    void contextIsRestoredInReactor() {
        ScopedContext.where(USER, "alice").run(() -> {
            Mono<String> page = Mono.just("page")
                    .publishOn(Schedulers.parallel())
                    .transform(ReactorContexts.restoring())
                    .map(text -> text + " for " + USER.get())
                    .contextWrite(ReactorContexts.writing(ScopedContext.capture()));
            assertThat(page.block()).isEqualTo("page for alice");
        });
    }

    static Stream<String> greetings(Stream<String> names) {
        return names.map(ScopedContext.capture().wrapFunction((String name) -> USER.get() + " greets " + name));
    }

    @Test
    void streamBringsItsContext() {
        Stream<String> late = ScopedContext.where(USER, "alice").call(() -> greetings(Stream.of("bob")));
        assertThat(late.toList()).containsExactly("alice greets bob");
    }

    @Test
    void defaultIsReadWhereNothingWasHandedOver() throws Exception {
        ContextKey<String> tenant = ContextKey.withDefault("tenant", "nobody");
        assertThat(ScopedContext.where(tenant, "acme").call(() -> pool.submit(tenant::get)).get()).isEqualTo("nobody");
    }

    static final ContextKey<String> REQUEST_ID = ContextKey.named("request id");

    static RequestFilter filter() {
        return RequestFilter.entering(request -> {
            request.setAttribute("requestId", id(request));
            return ScopedContext.where(REQUEST_ID, id(request));
        });
    }

    private static String id(HttpServletRequest request) {
        return request.getParameter("id");
    }

    @Test
    void accessLogOfTomcatReadsTheAttributeAfterTheScope(@TempDir Path directory) throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        TOMCAT.setUseParentHandlers(false);
        Tomcat tomcat = new Tomcat();
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setBaseDir(Files.createDirectory(directory.resolve("tomcat")).toString());
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer((classes, servlets) -> {
            filter().addTo(servlets);
            servlets.addServlet("hello", new HttpServlet() {
                @Override
                protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                    lines.add("servlet " + REQUEST_ID.get());
                }
            }).addMapping("/*");
        }, Set.of());
        AbstractAccessLogValve log = new AbstractAccessLogValve() {
            @Override
            protected void log(CharArrayWriter line) {
                lines.add(line + " " + REQUEST_ID.orElse("unbound"));
            }
        };
        log.setPattern("access %{requestId}r");
        context.getParent().getPipeline().addValve(log);
        tomcat.start();
        try {
            HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/?id=7")).build(),
                    BodyHandlers.discarding());
            assertThat(List.of(lines.take(), lines.take())).containsExactly("servlet 7", "access 7 unbound");
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    /** Keeps the thread of the pool busy until it is told to go on. */
    private CountDownLatch busy() {
        CountDownLatch begin = new CountDownLatch(1);
        pool.execute(() -> {
            try {
                begin.await();
            } catch (InterruptedException interrupt) {
                throw new AssertionError(interrupt);
            }
        });
        return begin;
    }

    /** Runs one task at a time, in order: the serial executor of the Javadoc of {@link Executor}. */
    static final class Serial implements Executor {

        private final List<Runnable> queue = new ArrayList<>();
        private final Executor executor;

        Serial(Executor executor) {
            this.executor = executor;
        }

        @Override
        public synchronized void execute(Runnable task) {
            queue.add(task);
            if (queue.size() == 1) {
                executor.execute(this::drain);
            }
        }

        private void drain() {
            Runnable next = first();
            while (next != null) {
                next.run();
                next = afterFirst();
            }
        }

        private synchronized Runnable first() {
            return queue.get(0);
        }

        private synchronized Runnable afterFirst() {
            queue.remove(0);
            return queue.isEmpty() ? null : queue.get(0);
        }
    }
}
