package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.ChildJvm;
import dev.scopedcontext.support.OnThread;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** L16 with {@code -Dscopedcontext.strict=true}. */
@Tag("per-jdk")
class LocalStrictModeTest {

    @Test
    void settingALocalOnAPooledThreadOutsideOfAnyScopeIsRefused() throws Exception {
        assertThat(new ChildJvm().with("-Dscopedcontext.strict=true").run(SetsOnPools.class)).contains("done");
    }

    static final class SetsOnPools {

        private static final Local LOCAL = Local.named("web");
        private static final LocalStack<String> STACK = LocalStack.named("stack");
        private static final LocalManager MANAGER = LocalManager.of(LOCAL);

        public static void main(String[] args) throws Exception {
            for (ExecutorService pool : new ExecutorService[]{Executors.newSingleThreadExecutor(),
                    new ForkJoinPool(1)}) {
                try {
                    in(pool, SetsOnPools::isRefused);
                    in(pool, MANAGER.managed(SetsOnPools::isFine));
                    in(pool, SetsOnPools::isRefused);
                } finally {
                    pool.shutdown();
                }
            }
            runsInTheCallerSinceThePoolIsFull();
            isFine();
            OnThread.run(SetsOnPools::isFine);
            System.out.println("done");
        }

        private static void in(ExecutorService pool, Callable<?> task) throws Exception {
            pool.submit(task).get();
        }

        private static void runsInTheCallerSinceThePoolIsFull() {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>(),
                    new ThreadPoolExecutor.CallerRunsPolicy());
            CountDownLatch done = new CountDownLatch(1);
            pool.execute(new FutureTask<>(() -> done.await(1, TimeUnit.MINUTES)));
            pool.execute(SetsOnPools::isFine);
            done.countDown();
            pool.shutdown();
        }

        private static Object isRefused() {
            assertThatThrownBy(() -> LOCAL.set("user", "alice")).isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("web was set outside of any managed scope on " + Thread.currentThread())
                    .hasMessageContaining("Run the task in LocalManager.run or managed")
                    .satisfies(thrown -> assertThat(thrown.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().contains("isRefused")));
            assertThatThrownBy(() -> STACK.push("a")).isInstanceOf(IllegalStateException.class);
            assertThat(LOCAL.asMap().keySet()).isEmpty();
            assertThat(LOCAL.remove("user")).isFalse();
            return "refused";
        }

        private static Object isFine() {
            LOCAL.set("user", "alice");
            assertThat(LOCAL.get("user")).isEqualTo("alice");
            return LOCAL.remove("user");
        }
    }
}
