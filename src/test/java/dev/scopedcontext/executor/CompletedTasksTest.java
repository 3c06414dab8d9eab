package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Garbage;
import dev.scopedcontext.support.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
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

/** A future that is kept for its result holds no snapshot. */
@ExtendWith(CleanThread.class)
class CompletedTasksTest {

    private static final ContextKey<Object> BIG = ContextKey.named("big");

    private final List<Future<?>> kept = new ArrayList<>();
    private final Garbage garbage = new Garbage();

    static List<Pool> pools() {
        return Pool.kinds();
    }

    @ParameterizedTest
    @MethodSource("pools")
    void completedTaskHoldsNoSnapshot(Pool kind) throws Exception {
        ExecutorService pool = kind.make();
        ExecutorService executor = ContextExecutors.propagating(pool);
        inContext(() -> {
            kept.add(executor.submit(() -> "done"));
            kept.add(executor.submit(() -> {
            }));
            kept.add(executor.submit(() -> {
            }, "done"));
            kept.add(executor.submit(() -> {
                throw new IllegalStateException("failed");
            }));
            kept.addAll(executor.invokeAll(List.<Callable<String>>of(() -> "one", () -> "two")));
        });
        awaitAll();
        garbage.assertCollected();
        assertThat(kept).hasSize(6).allMatch(Future::isDone).noneMatch(Future::isCancelled);
        Pool.close(pool);
    }

    @Test
    void completedScheduledTaskHoldsNoSnapshot() throws Exception {
        List<ExecutorService> pools = new ArrayList<>(List.of(new ScheduledThreadPoolExecutor(1)));
        if (new ForkJoinPool(1) instanceof ScheduledExecutorService) { // from JDK 25
            pools.add(new ForkJoinPool(1));
        }
        for (ExecutorService pool : pools) {
            ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) pool);
            inContext(() -> {
                kept.add(executor.schedule(() -> "done", 1, TimeUnit.NANOSECONDS));
                kept.add(executor.schedule(() -> {
                }, 1, TimeUnit.NANOSECONDS));
                kept.add(executor.scheduleAtFixedRate(() -> {
                    throw new IllegalStateException("ends it");
                }, 0, 1, TimeUnit.NANOSECONDS));
            });
            awaitAll();
            garbage.assertCollected();
            Pool.close(pool);
        }
        assertThat(kept).allMatch(Future::isDone);
    }

    @Test
    void completedFutureAndItsStagesHoldNoSnapshot() throws Exception {
        CompletableFuture<String> source = new CompletableFuture<>();
        CompletableFuture<String> future = ContextExecutors.propagatingStage(source);
        kept.add(future);
        inContext(() -> {
            kept.add(future.thenApply(x -> x));
            kept.add(future.whenComplete((result, failure) -> BIG.get()));
            kept.add(future.orTimeout(1, TimeUnit.DAYS).exceptionally(failure -> "instead"));
            kept.add(ContextExecutors.supplyAsync(() -> "done", Runnable::run));
            kept.add(ContextExecutors.runAsync(() -> {
            }, task -> new Thread(task).start()));
        });
        source.complete("done");
        awaitAll();
        garbage.assertCollected();
        assertThat(kept).hasSize(6).allMatch(Future::isDone);
    }

    private void awaitAll() throws Exception {
        for (Future<?> future : kept) {
            while (!future.isDone()) {
                Thread.onSpinWait();
            }
        }
    }

    /** Only a body may hold on to what is bound for it. */
    private void inContext(Body body) throws Exception {
        ScopedContext.where(BIG, garbage.add("bound value", new Object())).<Object, Exception>call(() -> {
            body.run();
            return "done";
        });
    }

    /** What keeps futures. */
    private interface Body {

        void run() throws Exception;
    }
}
