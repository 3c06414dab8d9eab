package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/handing-over.md. */
@ExtendWith(CleanThread.class)
class HandingOverPageTest {

    // @start region="key"
    static final ContextKey<String> USER = ContextKey.named("user");

    static String load() {
        return "page of " + USER.get();
    }
    // @end

    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @AfterEach
    void shutDown() {
        pool.shutdown();
    }

    // @start region="propagating"
    static Future<String> submit(ExecutorService pool) {
        ExecutorService executor = ContextExecutors.propagating(pool); // in a program, once, where the pool is created
        return ScopedContext.where(USER, "alice").call(() -> executor.submit(() -> load()));
    }
    // @end

    @Test
    void propagating() throws Exception {
        assertThat(submit(pool).get()).isEqualTo("page of alice");
    }

    // @start region="capture"
    static Future<String> loadLater(ExecutorService executor) {
        ContextSnapshot now = ScopedContext.capture();
        return executor.submit(now.wrap(() -> load()));
    }
    // @end

    @Test
    void capture() throws Exception {
        assertThat(ScopedContext.where(USER, "alice").call(() -> loadLater(pool)).get()).isEqualTo("page of alice");
    }

    @Test
    void running() {
        // @start region="snapshot"
        ContextSnapshot now = ScopedContext.where(USER, "alice").call(() -> ScopedContext.capture());
        String user = now.get(USER);
        String page = now.call(() -> load());
        ContextSnapshot.empty().run(() -> System.out.println(USER.isBound())); // false
        // @end
        assertThat(user).isEqualTo("alice");
        assertThat(page).isEqualTo("page of alice");
    }

    // @start region="parallel"
    static List<String> greetings(List<String> names) {
        ContextSnapshot now = ScopedContext.capture();
        return names.parallelStream().map(now.wrapFunction((String name) -> USER.get() + " greets " + name)).toList();
    }
    // @end

    @Test
    void parallelStream() {
        assertThat(ScopedContext.where(USER, "alice").call(() -> greetings(List.of("bob", "carol"))))
                .containsExactly("alice greets bob", "alice greets carol");
    }

    // @start region="futures"
    static CompletableFuture<String> page(Executor pool) {
        return ScopedContext.where(USER, "alice").call(() -> ContextExecutors
                .supplyAsync(() -> load(), pool) // as alice, on a thread of the pool
                .thenApply(text -> text + ", seen by " + USER.get())); // as alice, on any thread
    }
    // @end

    @Test
    void futures() {
        assertThat(page(pool).join()).isEqualTo("page of alice, seen by alice");
    }

    // @start region="unwrap"
    record Job(int rank, Runnable body) implements Runnable {

        @Override
        public void run() {
            body.run();
        }
    }

    static ExecutorService byRank() {
        Comparator<Runnable> byRank = Comparator.comparingInt(task -> ((Job) ContextExecutors.unwrap(task)).rank());
        var queue = new PriorityBlockingQueue<Runnable>(11, byRank);
        return ContextExecutors.propagating(new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, queue));
    }
    // @end

    @Test
    void unwrapsTasks() throws Exception {
        List<Integer> order = new ArrayList<>();
        CountDownLatch queued = new CountDownLatch(1);
        ExecutorService executor = byRank();
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
