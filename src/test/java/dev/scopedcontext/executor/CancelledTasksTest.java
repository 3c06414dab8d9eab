package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Pool;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** H5: a cancelled task holds no snapshot, though its future is kept or still queued. */
@ExtendWith(CleanThread.class)
class CancelledTasksTest {

    private static final ContextKey<Object> BIG = ContextKey.named("big");
    private static final Callable<String> TASK = () -> "done";

    private final CountDownLatch busy = new CountDownLatch(1);

    static List<Pool> pools() {
        return Pool.kinds();
    }

    @ParameterizedTest
    @MethodSource("pools")
    void cancelledTaskHoldsNoSnapshot(Pool kind) throws Exception {
        ExecutorService pool = kind.make();
        ExecutorService executor = ContextExecutors.propagating(pool);
        occupy(pool);
        holdsNothingOnceCancelled(() -> executor.submit(TASK));
        holdsNothingOnceCancelled(() -> executor.submit(() -> {
        }));
        holdsNothingOnceCancelled(() -> executor.submit(() -> {
        }, "done"));
        busy.countDown();
        Pool.close(pool);
    }

    @Test
    void cancelledScheduledTaskHoldsNoSnapshot() throws Exception {
        List<ExecutorService> pools = new ArrayList<>(List.of(new ScheduledThreadPoolExecutor(1)));
        if (new ForkJoinPool(1) instanceof ScheduledExecutorService) { // from JDK 25
            pools.add(new ForkJoinPool(1));
        }
        for (ExecutorService pool : pools) {
            ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) pool);
            holdsNothingOnceCancelled(() -> executor.schedule(TASK, 1, TimeUnit.DAYS));
            holdsNothingOnceCancelled(() -> executor.schedule(() -> {
            }, 1, TimeUnit.DAYS));
            holdsNothingOnceCancelled(() -> executor.scheduleAtFixedRate(() -> {
            }, 1, 1, TimeUnit.DAYS));
            holdsNothingOnceCancelled(() -> executor.scheduleWithFixedDelay(() -> {
            }, 1, 1, TimeUnit.DAYS));
            Pool.close(pool);
        }
    }

    @ParameterizedTest
    @MethodSource("pools")
    void tasksOfInvokeAllThatTimedOutHoldNoSnapshot(Pool kind) throws Exception {
        ExecutorService pool = kind.make();
        ExecutorService executor = ContextExecutors.propagating(pool);
        Callable<String> waits = () -> {
            busy.await();
            return "done";
        };
        List<Future<String>> futures = new ArrayList<>();
        WeakReference<Object> big = inContextOf(() -> futures
                .addAll(executor.invokeAll(List.of(waits, waits, waits, waits), 10, TimeUnit.MILLISECONDS)));
        busy.countDown();
        assertThat(futures).allMatch(Future::isCancelled);
        Pool.close(pool);
        assertCollected(big);
        assertThat(futures).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("pools")
    void futureBehavesAsTheExecutorsOwn(Pool kind) throws Exception {
        ExecutorService pool = kind.make();
        ExecutorService executor = ContextExecutors.propagating(pool);
        Future<String> done = executor.submit(TASK);
        assertThat(done.get(1, TimeUnit.MINUTES)).isEqualTo("done");
        assertThat(done.get()).isEqualTo("done");
        assertThat(done.isDone()).isTrue();
        assertThat(done.cancel(true)).isFalse();
        assertThat(done.isCancelled()).isFalse();
        Future<String> cancelled = executor.submit(() -> {
            busy.await();
            return "never";
        });
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(cancelled.isCancelled()).isTrue();
        assertThatThrownBy(cancelled::get).isInstanceOf(CancellationException.class);
        assertThat(cancelled).asString().contains(cancelled.getClass().getSimpleName().startsWith("Submitted")
                ? "java.util.concurrent.ForkJoinTask"
                : cancelled.getClass().getSimpleName());
        busy.countDown();
        Pool.close(pool);
    }

    @Test
    void cancelledStageHoldsNoSnapshotOnceTheStageBeforeItHasCompleted() throws Exception {
        CompletableFuture<String> source = new CompletableFuture<>();
        CompletableFuture<String> future = ContextExecutors.propagatingStage(source);
        List<Future<?>> stages = new ArrayList<>();
        WeakReference<Object> big = inContextOf(() -> stages.add(future.thenApply(x -> x)));
        stages.forEach(stage -> stage.cancel(false));
        source.complete("done");
        assertCollected(big);
        assertThat(stages).allMatch(Future::isCancelled);
        assertThat(future.join()).isEqualTo("done");
    }

    @Test
    void cancelledTaskDoesNotRun() {
        SubmittedTask.OfCallable<String> task = SubmittedTask.OfCallable.in(ContextSnapshot.empty(), TASK);
        assertThat(task).hasToString(TASK + " in ContextSnapshot[]");
        task.close();
        assertThatThrownBy(task::call).isInstanceOf(CancellationException.class)
                .hasMessage("The task was cancelled before it ran");
        assertThat(task).hasToString(TASK + ", cancelled");
    }

    /** Has the threads of a pool wait, so that what is submitted next stays in the queue. */
    private void occupy(ExecutorService pool) {
        for (int i = 0; i < 2; i++) {
            Future<?> unused = pool.submit(() -> {
                busy.await();
                return "done";
            });
        }
    }

    private static void holdsNothingOnceCancelled(Callable<Future<?>> submission) throws Exception {
        List<Future<?>> kept = new ArrayList<>();
        WeakReference<Object> big = inContextOf(() -> kept.add(submission.call()));
        kept.forEach(future -> future.cancel(false));
        assertCollected(big);
        assertThat(kept).allMatch(Future::isDone);
    }

    /** Returns what was bound for a body; only that may hold on to it. */
    private static WeakReference<Object> inContextOf(Callable<?> body) throws Exception {
        Object big = new Object();
        ScopedContext.where(BIG, big).call(body::call);
        return new WeakReference<>(big);
    }

    private static void assertCollected(WeakReference<Object> reference) throws InterruptedException {
        for (int i = 0; i < 100 && reference.get() != null; i++) {
            System.gc();
            Thread.sleep(1 + i);
        }
        assertThat(reference.get()).as("what the cancelled task was to see").isNull();
    }
}
