package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a joiner or a thread factory may do while it is called by {@code fork}, and what it must not. */
@OnEachEngine
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignCodeInForkTest {

    private final AtomicReference<TaskScope<String, ?, ?>> scope = new AtomicReference<>();
    private final AtomicInteger ran = new AtomicInteger();

    private String runs() {
        ran.incrementAndGet();
        return "ran";
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void unchecked(Action action) {
        try {
            action.run();
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** Does something at the first fork, and lists the subtasks. */
    private static final class Acting implements Joiner<String, List<Subtask<String>>, RuntimeException> {

        private final Action action;
        private final List<Subtask<String>> subtasks = new ArrayList<>();

        Acting(Action action) {
            this.action = action;
        }

        @Override
        public boolean onFork(Subtask<String> subtask) {
            subtasks.add(subtask);
            if (subtasks.size() == 1) {
                unchecked(action);
            }
            return false;
        }

        @Override
        public List<Subtask<String>> result() {
            return subtasks;
        }

        @Override
        public List<Subtask<String>> timeout() {
            return subtasks;
        }
    }

    /** Does something before it makes its first thread. */
    private static ThreadFactory acting(Action action) {
        AtomicInteger made = new AtomicInteger();
        return task -> {
            if (made.incrementAndGet() == 1) {
                unchecked(action);
            }
            return new Thread(task);
        };
    }

    private void joins() throws Exception {
        assertThat(scope.get()).isNotNull();
        try {
            scope.get().join();
        } catch (Exception | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void joinInOnForkRefusesTheFork() {
        try (var open = TaskScope.open(new Acting(this::joins))) {
            scope.set(open);
            assertThatThrownBy(() -> open.fork(this::runs)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("fork() was called on TaskScope[unnamed")
                    .hasMessageContaining("after join()");
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void closeInOnForkRefusesTheFork() {
        try (var open = TaskScope.open(new Acting(() -> scope.get().close()))) {
            scope.set(open);
            assertThatThrownBy(() -> open.fork(this::runs)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("which is closed");
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void joinInTheThreadFactoryRefusesTheFork() throws Exception {
        try (var open = TaskScope.open(Joiner.<String>awaitAll(), c -> c.withThreadFactory(acting(this::joins)))) {
            scope.set(open);
            assertThatThrownBy(() -> open.fork(this::runs)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("after join()");
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void closeInTheThreadFactoryRefusesTheFork() throws Exception {
        Action close = () -> scope.get().close();
        try (var open = TaskScope.open(Joiner.<String>awaitAll(), c -> c.withThreadFactory(acting(close)))) {
            scope.set(open);
            assertThatThrownBy(() -> open.fork(this::runs)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void forkInOnForkForksBoth() throws Exception {
        List<Subtask<String>> subtasks;
        try (var open = TaskScope.open(new Acting(() -> scope.get().fork(this::runs)))) {
            scope.set(open);
            open.fork(this::runs);
            subtasks = open.join();
        }
        assertThat(subtasks).hasSize(2).allMatch(subtask -> subtask.state() == Subtask.State.SUCCESS);
    }

    @Test
    void forkInAThreadFactoryThatFailsThenLeavesTheOneItForked() throws Exception {
        IllegalStateException refusal = new IllegalStateException("no thread");
        AtomicReference<Subtask<String>> inner = new AtomicReference<>();
        CountDownLatch go = new CountDownLatch(1);
        ThreadFactory factory = acting(() -> {
            inner.set(scope.get().fork(() -> {
                go.await();
                return "inner";
            }));
            throw refusal;
        });
        try (var open = TaskScope.open(Joiner.<String>awaitAll(), c -> c.withThreadFactory(factory))) {
            scope.set(open);
            assertThatThrownBy(() -> open.fork(this::runs)).isSameAs(refusal);
            go.countDown();
            open.join();
            assertThat(inner.get().get()).isEqualTo("inner");
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void forkInAThreadFactoryThatFailsThenIsInterruptedByTheCancellation() throws Exception {
        IllegalStateException refusal = new IllegalStateException("no thread");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        ThreadFactory factory = acting(() -> {
            scope.get().fork(() -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException cancelled) {
                    interrupted.countDown();
                }
                return "inner";
            });
            throw refusal;
        });
        TaskScope<String, ?, ?> open = TaskScope.open(Joiner.<String>awaitAll(), c -> c.withThreadFactory(factory));
        scope.set(open);
        assertThatThrownBy(() -> open.fork(this::runs)).isSameAs(refusal);
        begun.await();
        assertThatThrownBy(open::close).isInstanceOf(NotJoinedException.class);
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void factoryThatStartsItsThreadIsToldAndLosesNoOtherSubtask() throws Exception {
        List<Thread> started = new ArrayList<>();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task);
            if (started.isEmpty()) {
                thread.start();
                started.add(thread);
            }
            return thread;
        };
        for (int round = 0; round < 200; round++) {
            started.clear();
            try (var open = TaskScope.open(Joiner.<String>awaitAll(), c -> c.withThreadFactory(factory))) {
                assertThatThrownBy(() -> open.fork(this::runs)).isInstanceOf(IllegalThreadStateException.class)
                        .hasMessageStartingWith("The thread factory ").hasMessageContaining("was started before")
                        .hasMessageEndingWith("Return a new thread and leave it unstarted: fork() starts it");
                Subtask<String> second = open.fork(() -> {
                    Thread.onSpinWait();
                    return "second";
                });
                open.join();
                assertThat(second.get()).isEqualTo("second");
            }
            started.get(0).join();
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void factoryWhoseThreadIsStartedBySomebodyElseLosesNoOutcome() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        class Elsewhere extends Thread {
            Elsewhere(Runnable task) {
                super(task);
            }

            @Override
            public synchronized void start() {
                super.start();
                try {
                    running.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                throw new IllegalThreadStateException("started already");
            }
        }
        Acting joiner = new Acting(() -> {
        });
        try (var open = TaskScope.open(joiner, c -> c.withThreadFactory(Elsewhere::new)
                .withMaxConcurrency(1))) {
            assertThatThrownBy(() -> open.fork(() -> {
                running.countDown();
                go.await();
                return runs();
            })).isInstanceOf(IllegalThreadStateException.class);
            go.countDown();
            assertThat(open.join()).singleElement().satisfies(subtask -> assertThat(subtask.get()).isEqualTo("ran"));
        }
        assertThat(ran).hasValue(1);
    }
}
