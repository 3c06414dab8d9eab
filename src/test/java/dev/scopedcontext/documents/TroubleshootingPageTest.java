package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.proxy.ContextProxies;
import dev.scopedcontext.support.ChildJvm;
import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.task.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.ExecutorsKt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The messages that docs/guide/troubleshooting.md shows are those that the symptoms lead to. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("CheckReturnValue") // the symptoms are mistakes
class TroubleshootingPageTest {

    private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "docs/guide/troubleshooting.md");

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final Map<String, List<String>> driven = new LinkedHashMap<>();

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    /** The messages under each heading are these, in this order, and there are no others. */
    @Test
    void everyMessageOfThePageIsTheOneOfTheLibrary() throws Exception {
        Callable<String> read = USER::get;
        asAlice("Nothing is bound in a task of an executor", () -> failure(pool.submit(read)));
        asAlice("Nothing is bound in a parallel stream or a CompletableFuture", this::readInParallelStream);
        asAlice("Nothing is bound after a delay", this::readAfterDelay);
        asAlice("Nothing is bound in an operator of Reactor", () -> message(() -> Mono.just("x")
                .publishOn(Schedulers.parallel()).map(x -> USER.get()).block()));
        asAlice("Nothing is bound in a coroutine",
                () -> failure(on(ExecutorsKt.asExecutor(Dispatchers.getDefault()), read)));
        asAlice("One key is not bound, although others are", this::readDropped);
        asAlice("Another key of this name is bound", () -> message(ContextKey.<String>named("user")::get));
        asAlice("An attachment is still open, or is closed out of order", this::leaveOpen, this::closeOutOfOrder,
                this::closeElsewhere);
        asAlice("A task is not run, because its deadline has passed", this::submitTooLate);
        asAlice("The debugger shows an unbound proxy",
                () -> ContextProxies.of(List.class, ContextKey.<List<?>>named("basket")).toString());
        List<String> strict = strictMessages();
        asAlice("Nothing is bound where a stream is consumed", () -> strict.get(0));
        asAlice("A value is AutoCloseable and was handed over by reference", () -> strict.get(1));

        assertThat(driven).containsExactlyInAnyOrderEntriesOf(shown());
    }

    private interface Symptom {

        String message();
    }

    private void asAlice(String heading, Symptom... symptoms) {
        driven.put(heading, Stream.of(symptoms)
                .map(symptom -> general(ScopedContext.where(USER, "alice").call(symptom::message))).toList());
    }

    /** Waits for an element that another thread than this one works at. */
    private String readInParallelStream() {
        Thread me = Thread.currentThread();
        CountDownLatch elsewhere = new CountDownLatch(1);
        return IntStream.range(0, 1000).parallel().mapToObj(i -> {
            if (Thread.currentThread() != me) {
                elsewhere.countDown();
                return message(USER::get);
            }
            try {
                assertThat(elsewhere.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException interrupt) {
                throw new AssertionError(interrupt);
            }
            return USER.get();
        }).filter(text -> !text.equals("alice")).findAny().orElseThrow();
    }

    private String readAfterDelay() {
        Executor delayed = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS,
                ContextExecutors.propagating(pool));
        return failure(CompletableFuture.supplyAsync(USER::get, delayed));
    }

    private String readDropped() {
        ContextKey<String> transaction = ContextKey.<String>builder("transaction").handOff(HandOff.drop()).build();
        return ScopedContext.where(transaction, "t1").where(TENANT, "acme")
                .call(() -> failure(ContextExecutors.propagating(pool).submit(transaction::get)));
    }

    private String leaveOpen() {
        return logged(() -> ScopedContext.where(TENANT, "acme").run(() -> ScopedContext.where(USER, "bob").attach()));
    }

    private String closeOutOfOrder() {
        Attachment tenant = ScopedContext.where(TENANT, "acme").attach();
        ScopedContext.where(USER, "bob").attach();
        return logged(tenant::close);
    }

    private String closeElsewhere() {
        try (Attachment bob = ScopedContext.where(USER, "bob").attach()) {
            return failure(pool.submit(bob::close));
        }
    }

    private String submitTooLate() {
        return Deadline.within(Duration.ZERO)
                .call(() -> failure(ContextExecutors.propagating(pool).submit(USER::get)));
    }

    private static List<String> strictMessages() throws Exception {
        String backend = System.getProperty("scopedcontext.backend");
        ChildJvm jvm = new ChildJvm().with("-Dscopedcontext.strict=true");
        return (backend == null ? jvm : jvm.with("-Dscopedcontext.backend=" + backend)).run(Strict.class).lines()
                .filter(line -> line.contains("ContextKey[")).toList();
    }

    /** Prints the messages that only strict mode has. */
    static final class Strict {

        public static void main(String[] args) throws Exception {
            ContextKey<AutoCloseable> connection = ContextKey.named("connection");
            Stream<String> late = ScopedContext.where(USER, "alice").call(() -> Stream.of("x").map(x -> USER.get()));
            System.out.println(message(() -> late.forEach(System.out::println)));
            ScopedContext.where(connection, () -> System.out.println("closed")).run(() -> System.out.println(logged(
                    () -> startAndJoin(ContextExecutors.propagatingFactory(Thread::new)))));
        }

        private static void startAndJoin(ThreadFactory threads) {
            Thread thread = threads.newThread(() -> System.out.println("runs"));
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException interrupt) {
                throw new AssertionError(interrupt);
            }
        }
    }

    private static String message(Runnable symptom) {
        return catchThrowable(symptom::run).getMessage();
    }

    private static String failure(Future<?> future) {
        try {
            return "nothing failed, but got " + future.get();
        } catch (ExecutionException failure) {
            return failure.getCause().getMessage();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    private static String logged(Runnable symptom) {
        try (LogLines log = LogLines.capture()) {
            symptom.run();
            return String.join("\n", log.messages());
        }
    }

    private static <T> Future<T> on(Executor executor, Callable<T> body) {
        FutureTask<T> task = new FutureTask<>(body);
        executor.execute(task);
        return task;
    }

    /** Returns the messages under each heading of the page that has some. */
    private static Map<String, List<String>> shown() throws IOException {
        Map<String, List<String>> shown = new LinkedHashMap<>();
        Pattern.compile("^## (.+)\n(?s:(.*?))(?=^## |\\z)", Pattern.MULTILINE).matcher(Files.readString(PAGE)).results()
                .forEach(section -> shown.put(section.group(1), messages(section.group(2))));
        shown.values().removeIf(List::isEmpty);
        return shown;
    }

    private static List<String> messages(String section) {
        return Pattern.compile("```text\n(.*?)\n```", Pattern.DOTALL).matcher(section).results()
                .map(block -> general(block.group(1).replace('\n', ' '))).toList();
    }

    /** Returns a message without the parts that differ from time to time. */
    private static String general(String message) {
        return message.replaceAll("Thread\\[[^]]*]", "Thread[…]").replaceAll("PT[0-9.]+S", "PT…S");
    }
}
