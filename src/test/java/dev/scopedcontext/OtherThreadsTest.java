package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.support.Pool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that do not see the context unless it is handed over. */
@ExtendWith(CleanThread.class)
class OtherThreadsTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final Bindings ALICE = ScopedContext.where(USER, "alice");

    static List<ThreadFactory> threads() {
        return OnThread.kinds();
    }

    static List<Pool> pools() {
        return Pool.kinds();
    }

    @ParameterizedTest
    @MethodSource("threads") // J12
    void newThreadInheritsNothing(ThreadFactory kind) throws Exception {
        assertThat(ALICE.<Boolean, Exception>call(() -> OnThread.call(kind, USER::isBound))).isFalse();
        try (Attachment alice = ALICE.attach()) {
            assertThat(OnThread.call(kind, USER::isBound)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("pools") // J12
    void executorInheritsNothing(Pool kind) throws Exception {
        ExecutorService pool = kind.make();
        assertThat(ALICE.<Boolean, Exception>call(() -> pool.submit(USER::isBound).get())).isFalse();
        Pool.close(pool);
    }

    @Test // J12
    void threadOfAForkJoinPoolInheritsNothing() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        assertThat(ALICE.<Boolean, Exception>call(() -> pool.submit(USER::isBound).get())).isFalse();
        pool.shutdown();
    }

    @Test // J12
    void completableFutureInheritsNothing() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<Boolean> stage = ALICE.call(() -> first.thenApply(x -> USER.isBound()));
        OnThread.call(Thread::new, () -> first.complete("done"));
        assertThat(stage.join()).isFalse();
        CompletableFuture<Boolean> async = ALICE.call(() -> CompletableFuture.supplyAsync(USER::isBound, task -> {
            FutureTask<Void> future = new FutureTask<>(task, null);
            new Thread(future).start();
        }));
        assertThat(async.join()).isFalse();
    }

    @Test // J13
    void parallelStreamHasContextInWrappedLambdasOnly() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(4);
        Thread caller = Thread.currentThread();
        List<String> plain = ALICE.call(() -> pool.submit(() -> IntStream.range(0, 1000).parallel().boxed()
                .map(i -> USER.orElse("nobody")).distinct().toList())).get();
        assertThat(plain).containsExactly("nobody");
        List<String> wrapped = ALICE.call(() -> {
            var user = ScopedContext.capture().wrapFunction((Integer i) -> {
                assertThat(Thread.currentThread()).isNotSameAs(caller);
                return USER.get();
            });
            return pool.submit(() -> IntStream.range(0, 1000).parallel().boxed().map(user).distinct().toList());
        }).get();
        assertThat(wrapped).containsExactly("alice");
        pool.shutdown();
    }
}
