package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of {@link ContextExecutors}: what stands between {@code @start} and {@code @end} is shown there. */
@ExtendWith(CleanThread.class)
class ExecutorExamplesTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    private String load() {
        return "page of " + USER.get();
    }

    @Test
    void propagating() throws Exception {
        // @start region="propagating"
        ExecutorService executor = ContextExecutors.propagating(pool);
        Future<String> page = ScopedContext.where(USER, "alice").call(() -> executor.submit(() -> load()));
        // @end
        assertThat(page.get()).isEqualTo("page of alice");
        executor.shutdown();
    }

    @Test
    void futures() {
        // @start region="futures"
        CompletableFuture<String> page = ScopedContext.where(USER, "alice").call(() -> //
        ContextExecutors.supplyAsync(() -> load(), pool) // as alice, on a thread of the pool
                .thenApply(text -> text + ", seen by " + USER.get())); // as alice, wherever it runs
        // @end
        assertThat(page.join()).isEqualTo("page of alice, seen by alice");
        pool.shutdown();
    }

    record Job(int rank, Runnable body) implements Runnable {

        @Override
        public void run() {
            body.run();
        }
    }

    @Test
    void unwrapsTasks() throws Exception {
        // @start region="unwrap"
        Comparator<Runnable> byRank = Comparator.comparingInt(task -> ((Job) ContextExecutors.unwrap(task)).rank());
        var queue = new PriorityBlockingQueue<Runnable>(11, byRank);
        var one = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue);
        // @end
        List<Integer> order = new ArrayList<>();
        CountDownLatch queued = new CountDownLatch(1);
        var executor = ContextExecutors.propagating(one);
        executor.execute(new Job(0, () -> await(queued)));
        for (int rank : new int[]{3, 1, 2}) {
            executor.execute(new Job(rank, () -> order.add(rank)));
        }
        queued.countDown();
        executor.shutdown();
        assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(order).containsExactly(1, 2, 3);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
