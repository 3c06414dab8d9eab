package dev.scopedcontext.task;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextExecutors;
import dev.scopedcontext.ScopedContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
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
 * Propagating executors refuse a task whose deadline has passed: when its turn comes, and wherever it passed, in the
 * queue or before. The clock is the test's, and so is the one thread of the pool, until {@link #openGate}.
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
    private final ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, threads);

    @BeforeEach
    void closeGate() {
        pool.execute(() -> {
            try {
                gate.await();
            } catch (InterruptedException failure) {
                throw new AssertionError(failure);
            }
        });
    }

    private void openGate() {
        gate.countDown();
    }

    private void passDeadline() {
        ticker.advance(Duration.ofSeconds(3));
    }

    @AfterEach
    void threadIsCleanAndNoTaskHasRun() throws Exception {
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
                .hasMessage("The deadline passed PT2S ago, before the task that was handed over under it began: it is"
                        + " not run");
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

    @Test
    void executedTaskFailsOnTheThreadThatComesToIt() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        Executor direct = ContextExecutors.propagating((Executor) Runnable::run);
        Executor perTask = ContextExecutors.propagating((Executor) task -> threads.newThread(() -> {
            try {
                busy.await();
            } catch (InterruptedException failure) {
                throw new AssertionError(failure);
            }
            task.run();
        }).start());
        underDeadline(() -> {
            perTask.execute(ran::incrementAndGet);
            passDeadline();
            busy.countDown();
            assertThatThrownBy(() -> direct.execute(ran::incrementAndGet))
                    .satisfies(DeadlineInExecutorsTest::assertRefusal);
            return null;
        });
        assertRefusal(uncaught.get());
        openGate();
    }

    @Test
    void supplyAsyncAndRunAsyncAndTheirStagesAreRefused() throws Exception {
        Executor executor = ContextExecutors.propagating((Executor) pool);
        List<Future<?>> futures = underDeadline(() -> List.of(
                ContextExecutors.supplyAsync(ran::incrementAndGet, executor),
                ContextExecutors.runAsync(ran::incrementAndGet, executor),
                ContextExecutors.propagating(CompletableFuture.runAsync(() -> {
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
