package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** At most so many at once, the others in line. */
@OnEachEngine
class MaxConcurrencyTest {

    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void atMostSoManyRunAtOnce() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (var scope = TaskScope.open(Joiner.<Integer>allSuccessfulOrThrow(), c -> c.withMaxConcurrency(3))) {
            for (int i = 0; i < 500; i++) {
                scope.fork(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    return running.decrementAndGet();
                });
            }
            assertThat(scope.join()).hasSize(500);
        }
        assertThat(most.get()).isBetween(1, 3);
    }

    @Test
    void theOthersAreStartedInTheOrderOfForkingWithoutTheOwnersHelp() throws Exception {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch ended = new CountDownLatch(50);
        try (var scope = TaskScope.open(Joiner.<Integer>awaitAll(), c -> c.withMaxConcurrency(1))) {
            for (int i = 0; i < 50; i++) {
                int number = i;
                scope.fork(() -> {
                    order.add(number);
                    ended.countDown();
                });
            }
            ended.await();
            scope.join();
        }
        assertThat(order).isEqualTo(IntStream.range(0, 50).boxed().toList());
    }

    @Test
    void aFailurePassesTheTurnOn() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Integer>collect(), c -> c.withMaxConcurrency(2))) {
            for (int i = 0; i < 10; i++) {
                int number = i;
                scope.fork(() -> 1 / (number % 2));
            }
            Collected<Integer> collected = scope.join();
            assertThat(collected.successes()).hasSize(5);
            assertThat(collected.failures()).hasSize(5);
        }
    }

    @Test
    void thoseInLineDoNotRunWhenTheScopeIsCancelled() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        CountDownLatch go = new CountDownLatch(1);
        try (var scope = TaskScope.open(c -> c.withMaxConcurrency(1))) {
            scope.fork(() -> {
                go.await();
                throw new IllegalStateException("failure");
            });
            Subtask<?> waiting = scope.fork(() -> ran.set(true));
            go.countDown();
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class);
            assertThat(waiting.state()).isEqualTo(Subtask.State.UNAVAILABLE);
        }
        assertThat(ran).isFalse();
    }

    @Test
    void thoseInLineHaveNoThreadWhereTheUserMakesThem() throws Exception {
        List<Thread> threads = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<Object>awaitAll(), c -> c.withMaxConcurrency(1).withThreadFactory(
                task -> {
                    Thread thread = new Thread(task, "page-thread");
                    threads.add(thread);
                    return thread;
                }))) {
            scope.fork(() -> {
                go.await();
                return null;
            });
            scope.fork(() -> "second");
            assertThat(threads.get(1).getState()).isEqualTo(Thread.State.NEW);
            go.countDown();
            scope.join();
        }
        assertThat(threads).noneMatch(Thread::isAlive);
    }

    @Test
    void aSubtaskWhoseThreadCannotBeStartedInItsTurnFails() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        try (var scope = TaskScope.open(Joiner.<String>collect(), c -> c.withMaxConcurrency(1).withThreadFactory(
                task -> made.incrementAndGet() == 2 ? new Unstartable() : new Thread(task)))) {
            scope.fork(() -> {
                go.await();
                return "first";
            });
            scope.fork(() -> "never");
            scope.fork(() -> "third");
            go.countDown();
            Collected<String> collected = scope.join();
            assertThat(collected.successes()).containsExactly("first", "third");
            assertThat(collected.failures()).singleElement().isInstanceOf(OutOfMemoryError.class);
        }
    }

    private static final class Unstartable extends Thread {

        @Override
        public synchronized void start() {
            throw new OutOfMemoryError("unable to create native thread: a test's");
        }
    }

    @Test
    void closingWithoutJoinLeavesNoThreadInLine() {
        assertThatThrownBy(() -> {
            try (var scope = TaskScope.open(c -> c.withMaxConcurrency(1).withName("page"))) {
                for (int i = 0; i < 100; i++) {
                    scope.fork(() -> {
                        never.await();
                        return null;
                    });
                }
            }
        }).isInstanceOf(IllegalStateException.class).hasMessageContaining("without join()");
    }
}
