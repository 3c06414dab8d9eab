package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
}
