package dev.scopedcontext.executor;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What queues and rejection handlers see. */
@ExtendWith(CleanThread.class)
class QueuedTasksTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final CountDownLatch busy = new CountDownLatch(1);
    private final List<String> log = new ArrayList<>();

    /** A task with an order of its own. */
    record Job(int rank, Runnable body) implements Runnable, Comparable<Job> {

        @Override
        public void run() {
            body.run();
        }

        @Override
        public int compareTo(Job other) {
            return Integer.compare(rank, other.rank);
        }

        @Override
        public String toString() {
            return "job " + rank;
        }
    }

    @Test // H6
    void comparableTasksKeepTheirOrder() throws Exception {
        runInOrder(new PriorityBlockingQueue<>());
        assertThat(log).containsExactly("1 alice", "2 alice", "3 alice");
    }

    @Test // H6
    void comparatorComparesTheTasksThatWereSubmitted() throws Exception {
        Comparator<Runnable> byRank = Comparator.comparing(task -> (Job) ContextExecutors.unwrap(task));
        runInOrder(new PriorityBlockingQueue<>(11, byRank.reversed()));
        assertThat(log).containsExactly("3 alice", "2 alice", "1 alice");
    }

    @Test // H6
    void comparatorComparesWrappedTasksAndOthers() {
        Comparator<Runnable> order = Comparator.comparing(task -> (Job) ContextExecutors.unwrap(task));
        Job one = new Job(1, busy::countDown);
        Job two = new Job(2, busy::countDown);
        assertThat(order.compare(ContextSnapshot.empty().wrap(one), two)).isNegative();
        assertThat(order.compare(two, ContextSnapshot.empty().wrap(one))).isPositive();
        assertThat(order.compare(ContextSnapshot.empty().wrap(one), ContextSnapshot.empty().wrap(one))).isZero();
    }

    @Test // H7
    void rejectionArrivesUnchanged() {
        RejectedExecutionException rejection = new RejectedExecutionException("full");
        AtomicReference<Runnable> rejected = new AtomicReference<>();
        Executor original = task -> {
            rejected.set(task);
            throw rejection;
        };
        ScopedContext.where(USER, "alice").run(() -> {
            assertThatThrownBy(() -> ContextExecutors.propagating(original).execute(new Job(1, busy::countDown)))
                    .isSameAs(rejection);
            assertThat(USER.get()).isEqualTo("alice");
        });
        assertThat(rejected.get()).hasToString("job 1 in ContextSnapshot[user]");
        ExecutorService closed = new ThreadPoolExecutor(1, 1, 0, SECONDS, new ArrayBlockingQueue<>(1));
        closed.shutdown();
        assertThatThrownBy(() -> ContextExecutors.propagating(closed).submit(() -> "never"))
                .isInstanceOf(RejectedExecutionException.class).hasMessageContaining("rejected from " + closed);
    }

    @Test // H7
    void callerThatRunsARejectedTaskHasItsContextBack() throws Exception {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, SECONDS, new ArrayBlockingQueue<>(1),
                new ThreadPoolExecutor.CallerRunsPolicy());
        ExecutorService executor = ContextExecutors.propagating((ExecutorService) pool);
        executor.execute(this::waitUntilFree);
        executor.execute(() -> {
        });
        ScopedContext.where(USER, "alice").run(() -> {
            ContextSnapshot before = ScopedContext.capture();
            executor.execute(() -> log.add(USER.get() + " on " + Thread.currentThread().getName()));
            assertThat(ScopedContext.capture()).isSameAs(before);
            log.add(USER.get());
        });
        assertThat(log).containsExactly("alice on " + Thread.currentThread().getName(), "alice");
        busy.countDown();
        pool.shutdown();
    }

    @Test // H8
    void tasksThatShutdownNowReturnsRunInTheirContext() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, SECONDS, new ArrayBlockingQueue<>(9));
        ExecutorService executor = ContextExecutors.propagating((ExecutorService) pool);
        executor.execute(this::waitUntilFree);
        ScopedContext.where(USER, "alice").run(() -> executor.execute(() -> log.add(USER.get())));
        List<Runnable> left = executor.shutdownNow();
        busy.countDown();
        assertThat(left).hasSize(1);
        left.get(0).run();
        assertThat(log).containsExactly("alice");
    }

    private void runInOrder(BlockingQueue<Runnable> queue) throws Exception {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, SECONDS, queue);
        ExecutorService executor = ContextExecutors.propagating((ExecutorService) pool);
        executor.execute(new Job(0, this::waitUntilFree));
        ScopedContext.where(USER, "alice").run(() -> {
            for (int rank : new int[]{3, 1, 2}) {
                executor.execute(new Job(rank, () -> log.add(rank + " " + USER.get())));
            }
        });
        busy.countDown();
        executor.shutdown();
        assertThat(executor.awaitTermination(60, SECONDS)).isTrue();
    }

    private void waitUntilFree() {
        try {
            busy.await();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
