package dev.scopedcontext.task;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.support.LogLines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Propagating executors refuse a submitted task whose deadline has passed: when its turn comes, and wherever it passed,
 * in the queue or before. A task without a future runs, and finds it passed. The clock is the test's, and so is the one
 * thread of the pool, until {@link #openGate}.
 */
class DeadlineInExecutorsTest {

    private final ManualTicker ticker = new ManualTicker();
    private final Deadline deadline = Deadline.after(ticker, Duration.ofSeconds(1));
    private final AtomicInteger ran = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CompletableFuture<Throwable> uncaught = new CompletableFuture<>();
    private final ThreadFactory threads = task -> {
        Thread thread = new Thread(task);
        thread.setUncaughtExceptionHandler((dying, failure) -> uncaught.complete(failure));
        return thread;
    };
    private final LogLines lines = LogLines.capture();
    private final ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, threads);

    @BeforeEach
    void closeGate() {
        pool.execute(this::awaitGate);
    }

    private void openGate() {
        gate.countDown();
    }

    private void passDeadline() {
        ticker.advance(Duration.ofSeconds(3));
    }

    @AfterEach
    void threadIsCleanAndNoTaskHasRun() throws Exception {
        lines.close();
        openGate();
        assertThat(pool.submit(() -> Deadline.KEY.isBound()).get()).isFalse();
        pool.shutdown();
        assertThat(pool.awaitTermination(1, MINUTES)).isTrue();
        assertThat(ran).hasValue(0);
    }

    private <T> T underDeadline(Callable<T> body) throws Exception {
        return ScopedContext.where(Deadline.KEY, deadline).<T, Exception>call(body::call);
    }

    private static void assertRefused(Future<?> future) {
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).cause()
                .satisfies(DeadlineInExecutorsTest::assertRefusal);
    }

    private static void assertRefusal(Throwable refusal) {
        assertThat(refusal).isExactlyInstanceOf(DeadlineExceededException.class)
                .hasMessage("The deadline passed PT2S ago, before the task that was handed over under it began, so the"
                        + " task is not run");
    }

    @Test
    void taskSubmittedInTimeIsRefusedIfTheDeadlinePassesInTheQueue() throws Exception {
        ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) pool);
        List<Future<?>> futures = underDeadline(() -> List.of(executor.submit(ran::incrementAndGet),
                executor.submit((Runnable) ran::incrementAndGet), executor.submit(ran::incrementAndGet, "result"),
                executor.schedule(ran::incrementAndGet, 1, NANOSECONDS),
                executor.schedule((Runnable) ran::incrementAndGet, 1, NANOSECONDS),
                executor.scheduleAtFixedRate(ran::incrementAndGet, 0, 1, MILLISECONDS),
                executor.scheduleWithFixedDelay(ran::incrementAndGet, 0, 1, MILLISECONDS)));
        passDeadline();
        openGate();
        assertThat(futures).allSatisfy(DeadlineInExecutorsTest::assertRefused);
    }

    /** There is one place to look for a refusal, however late a task is: its future. Submitting never throws it. */
    @Test
    void taskSubmittedAfterItsDeadlineIsRefusedInItsFuture() throws Exception {
        ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) pool);
        passDeadline();
        List<Future<?>> futures = underDeadline(() -> List.of(executor.submit(ran::incrementAndGet),
                executor.submit((Runnable) ran::incrementAndGet),
                executor.schedule(ran::incrementAndGet, 1, NANOSECONDS),
                executor.scheduleAtFixedRate(ran::incrementAndGet, 0, 1, MILLISECONDS)));
        openGate();
        assertThat(futures).allSatisfy(DeadlineInExecutorsTest::assertRefused);
    }

    @Test
    void executorServiceOfManyThreadsRefusesToo() throws Exception {
        openGate();
        var service = Executors.newCachedThreadPool();
        try {
            passDeadline();
            assertRefused(underDeadline(() -> ContextExecutors.propagating(service).submit(ran::incrementAndGet)));
        } finally {
            service.shutdown();
        }
    }

    @Test
    void allTasksOfInvokeAllAreRefused() throws Exception {
        openGate();
        ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) pool);
        passDeadline();
        List<Callable<Integer>> tasks = List.of(ran::incrementAndGet, ran::incrementAndGet);
        assertThat(underDeadline(() -> executor.invokeAll(tasks))).hasSize(2)
                .allSatisfy(DeadlineInExecutorsTest::assertRefused);
        assertThat(underDeadline(() -> executor.invokeAll(tasks, 1, MINUTES))).hasSize(2)
                .allSatisfy(DeadlineInExecutorsTest::assertRefused);
    }

    @Test
    void invokeAnyFailsWithTheRefusal() {
        openGate();
        ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) pool);
        passDeadline();
        assertThatThrownBy(
                () -> underDeadline(() -> executor.invokeAny(List.<Callable<Integer>>of(ran::incrementAndGet))))
                .isInstanceOf(ExecutionException.class).cause().satisfies(DeadlineInExecutorsTest::assertRefusal);
    }

    /** Nobody could be told otherwise, and a future that waits for it would never complete. */
    @Test
    void executedTaskRunsAndFindsTheDeadlinePassed() throws Exception {
        Executor direct = ContextExecutors.propagating((Executor) Runnable::run);
        Executor queue = ContextExecutors.propagating((Executor) pool);
        Executor fixed = ContextExecutors.fixed((Executor) pool,
                underDeadline(() -> ScopedContext.capture()));
        List<Boolean> expired = new CopyOnWriteArrayList<>();
        CountDownLatch all = new CountDownLatch(4);
        Runnable look = () -> {
            expired.add(Deadline.current().isExpired());
            all.countDown();
        };
        underDeadline(() -> {
            queue.execute(look);
            ContextExecutors.propagatingFactory(threads).newThread(() -> {
                awaitGate();
                look.run();
            }).start();
            passDeadline();
            direct.execute(look);
            return null;
        });
        fixed.execute(look);
        openGate();
        assertThat(all.await(1, MINUTES)).isTrue();
        assertThat(expired).hasSize(4).containsOnly(true);
        assertThat(uncaught).isNotDone();
    }

    @Test
    void futuresOfTheJdkCompleteThoughTheDeadlineHasPassed() throws Exception {
        for (Executor executor : List.of(ContextExecutors.propagating((Executor) pool),
                ContextExecutors.propagating((ScheduledExecutorService) pool),
                ContextExecutors.fixed((Executor) pool, underDeadline(() -> ScopedContext.capture())))) {
            List<CompletableFuture<String>> futures = underDeadline(
                    () -> List.of(CompletableFuture.supplyAsync(DeadlineInExecutorsTest::look, executor),
                            CompletableFuture.completedFuture("x").thenApplyAsync(x -> look(), executor)));
            passDeadline();
            openGate();
            assertThat(futures).allSatisfy(
                    future -> assertThat(future.get(1, MINUTES)).isEqualTo("deadline passed: true"));
        }
    }

    @Test
    void completionServiceDeliversItsTaskThoughTheDeadlineHasPassed() throws Exception {
        var service = new ExecutorCompletionService<String>(ContextExecutors.propagating((Executor) pool));
        Future<String> submitted = underDeadline(() -> service.submit(DeadlineInExecutorsTest::look));
        passDeadline();
        openGate();
        assertThat(service.poll(1, MINUTES)).isSameAs(submitted);
        assertThat(submitted.get()).isEqualTo("deadline passed: true");
    }

    private static String look() {
        return "deadline passed: " + Deadline.current().isExpired();
    }

    private void awaitGate() {
        try {
            gate.await();
        } catch (InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    /** What releases, and what is there for the case of a failure, runs. */
    @Test
    void fallbackStagesRunThoughTheDeadlineHasPassed() throws Exception {
        AtomicInteger open = new AtomicInteger(1);
        CompletableFuture<String> page = new CompletableFuture<>();
        CompletableFuture<String> broken = new CompletableFuture<>();
        List<CompletableFuture<String>> futures = underDeadline(() -> List.of(
                ContextExecutors.propagatingStage(page).whenComplete((result, failure) -> open.decrementAndGet()),
                ContextExecutors.propagatingStage(page).thenApply(x -> x + ran.incrementAndGet())
                        .exceptionally(failure -> "sorry: " + failure.getCause().getClass().getSimpleName()),
                ContextExecutors.propagatingStage(page).handle((result, failure) -> result + ", " + look()),
                ContextExecutors.propagatingStage(broken)
                        .exceptionallyCompose(failure -> CompletableFuture.completedFuture("instead, " + look()))));
        passDeadline();
        page.complete("page");
        broken.completeExceptionally(new IllegalStateException("broken"));
        openGate();
        assertThat(futures).extracting(CompletableFuture::join).containsExactly("page",
                "sorry: DeadlineExceededException", "page, deadline passed: true", "instead, deadline passed: true");
        assertThat(open).hasValue(0);
    }

    @Test
    void periodicTaskThatIsRefusedIsLogged() throws Exception {
        ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) pool);
        Future<?> job = underDeadline(() -> executor.scheduleAtFixedRate(new Job(), 0, 1, MILLISECONDS));
        passDeadline();
        openGate();
        assertRefused(job);
        assertThat(lines.messages()).containsExactly("The periodic task job ends, since the context that it was"
                + " scheduled in failed: dev.scopedcontext.task.DeadlineExceededException: The deadline passed PT2S"
                + " ago, before the task that was handed over under it began, so the task is not run");
    }

    private final class Job implements Runnable {

        @Override
        public void run() {
            ran.incrementAndGet();
        }

        @Override
        public String toString() {
            return "job";
        }
    }

    @Test
    void supplyAsyncAndRunAsyncAndTheirStagesAreRefused() throws Exception {
        Executor executor = ContextExecutors.propagating((Executor) pool);
        List<Future<?>> futures = underDeadline(() -> List.of(
                ContextExecutors.supplyAsync(ran::incrementAndGet, executor),
                ContextExecutors.runAsync(ran::incrementAndGet, executor),
                ContextExecutors.propagatingStage(CompletableFuture.runAsync(() -> {
                }, pool)).thenRun(ran::incrementAndGet)));
        passDeadline();
        openGate();
        assertThat(futures).allSatisfy(DeadlineInExecutorsTest::assertRefused);
    }

    @Test
    void capturingAfterTheDeadlineIsFineAndReadsIt() throws Exception {
        passDeadline();
        AtomicReference<Deadline> seen = new AtomicReference<>();
        underDeadline(() -> {
            seen.set(ScopedContext.capture().get(Deadline.KEY));
            return null;
        });
        assertThat(seen.get()).isSameAs(deadline);
        openGate();
    }

    @Test
    void taskInTimeRunsAndSeesTheDeadline() throws Exception {
        openGate();
        Executor executor = ContextExecutors.propagating((Executor) pool);
        assertThat(underDeadline(() -> ContextExecutors.supplyAsync(Deadline::current, executor)).get())
                .isSameAs(deadline);
    }
}
