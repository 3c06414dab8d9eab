package dev.scopedcontext.executor;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What tasks see in every kind of executor of the JDK. */
@ExtendWith(CleanThread.class)
class ExecutorsTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final Bindings ALICE = ScopedContext.where(USER, "alice");
    private static final Bindings BOB = ScopedContext.where(USER, "bob");
    private static final Callable<String> USER_SEEN = () -> USER.orElse("nobody");

    private final AtomicInteger captures = new AtomicInteger();
    private final ContextKey<String> counted = ContextKey.<String>builder("counted").handOff(HandOff.copy(value -> {
        captures.incrementAndGet();
        return value;
    })).build();

    private final List<ExecutorService> opened = new ArrayList<>();

    static List<Pool> pools() {
        return Pool.kinds();
    }

    private ExecutorService open(Pool kind) {
        ExecutorService pool = kind.make();
        opened.add(pool);
        return pool;
    }

    @AfterEach
    void threadsOfThePoolsAreClean() throws Exception {
        for (ExecutorService pool : opened) {
            if (!pool.isShutdown()) {
                for (int i = 0; i < 4; i++) {
                    assertThat(pool.submit(() -> ScopedContext.capture().keys()).get()).isEmpty();
                }
            }
            Pool.close(pool);
        }
    }

    @ParameterizedTest
    @MethodSource("pools") // H1
    void propagatingExecutorCapturesAtSubmission(Pool kind) throws Exception {
        ExecutorService executor = ALICE.call(() -> ContextExecutors.propagating(open(kind)));
        assertThat(BOB.call(() -> executor.submit(USER_SEEN)).get()).isEqualTo("bob");
        assertThat(executor.submit(USER_SEEN).get()).isEqualTo("nobody");
    }

    @ParameterizedTest
    @MethodSource("pools") // H1
    void fixedExecutorUsesTheGivenSnapshot(Pool kind) throws Exception {
        ContextSnapshot alice = ALICE.call(ScopedContext::capture);
        ExecutorService executor = ContextExecutors.fixed(open(kind), alice);
        assertThat(BOB.call(() -> executor.submit(USER_SEEN)).get()).isEqualTo("alice");
        assertThat(executor.submit(USER_SEEN).get()).isEqualTo("alice");
    }

    @ParameterizedTest
    @MethodSource("pools") // H5
    void invokeAllCapturesOnceForAllTasks(Pool kind) throws Exception {
        ExecutorService executor = ContextExecutors.propagating(open(kind));
        List<Callable<String>> tasks = List.of(USER_SEEN, USER_SEEN, counted::get);
        List<String> seen = ALICE.where(counted, "once").call(() -> {
            List<String> results = new ArrayList<>();
            for (Future<String> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            for (Future<String> future : executor.invokeAll(tasks, 1, MINUTES)) {
                results.add(future.get());
            }
            return results;
        });
        assertThat(seen).containsExactly("alice", "alice", "once", "alice", "alice", "once");
        int opensOfSixRuns = 6;
        assertThat(captures).hasValue(2 + opensOfSixRuns);
    }

    @ParameterizedTest
    @MethodSource("pools") // H5
    void invokeAnyCapturesOnceForAllTasks(Pool kind) throws Exception {
        ExecutorService executor = ContextExecutors.propagating(open(kind));
        List<Callable<String>> tasks = List.of(USER_SEEN, USER_SEEN);
        assertThat(ALICE.<String, Exception>call(() -> executor.invokeAny(tasks))).isEqualTo("alice");
        assertThat(ALICE.<String, Exception>call(() -> executor.invokeAny(tasks, 1, MINUTES))).isEqualTo("alice");
    }

    @ParameterizedTest
    @MethodSource("pools") // H4
    void taskThatIsWrappedKeepsItsContext(Pool kind) throws Exception {
        ExecutorService executor = ContextExecutors.propagating(open(kind));
        Callable<String> alices = ALICE.call(() -> ScopedContext.capture().wrap(USER_SEEN));
        assertThat(BOB.call(() -> executor.submit(alices)).get()).isEqualTo("alice");
    }

    @ParameterizedTest
    @MethodSource("pools")
    void manyTasksInParallelSeeEachItsOwn(Pool kind) throws Exception {
        ExecutorService executor = ContextExecutors.propagating(open(kind));
        List<Future<String>> futures = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ScopedContext.where(USER, "user " + i).run(() -> futures.add(executor.submit(USER_SEEN)));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(futures.get(i).get()).isEqualTo("user " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("pools")
    void exceptionOfATaskIsTheCauseThatItsFutureShows(Pool kind) {
        ExecutorService executor = ContextExecutors.propagating(open(kind));
        IllegalStateException failure = new IllegalStateException("task");
        Future<String> future = executor.submit(() -> {
            throw failure;
        });
        assertThatThrownBy(future::get).hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("task");
    }

    @ParameterizedTest
    @MethodSource("pools") // H8
    void lifeCycleIsTheOriginals(Pool kind) throws Exception {
        ExecutorService pool = open(kind);
        ExecutorService executor = ContextExecutors.propagating(pool);
        assertThat(executor.isShutdown()).isFalse();
        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(pool.isShutdown()).isTrue();
        assertThat(executor.awaitTermination(1, MINUTES)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(pool.isTerminated()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("pools") // H8
    void closeIsTheOriginals(Pool kind) throws Exception {
        ExecutorService pool = open(kind);
        ExecutorService executor = ContextExecutors.propagating(pool);
        Future<String> last = ALICE.call(() -> executor.submit(USER_SEEN));
        if (executor instanceof AutoCloseable closeable) { // from JDK 19
            closeable.close();
            assertThat(pool.isTerminated()).isTrue();
        } else {
            executor.shutdown();
        }
        assertThat(last.get()).isEqualTo("alice");
    }

    @ParameterizedTest
    @MethodSource("pools")
    void executorTellsWhatItIs(Pool kind) {
        ExecutorService pool = open(kind);
        assertThat(ContextExecutors.propagating(pool)).hasToString(pool + " in the context of submission");
        ContextSnapshot alice = ALICE.call(ScopedContext::capture);
        assertThat(ContextExecutors.fixed(pool, alice)).hasToString(pool + " in ContextSnapshot[user]");
    }
}
