package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

    /** The pool's thread is neither waited for nor interrupted, though a subtask was run there by mistake. */
    @Test
    void factoryThatGivesTheTaskToAPoolHoldsNothingUp() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        try {
            CountDownLatch over = new CountDownLatch(1);
            Subtask<String> subtask;
            try (var open = TaskScope.open(Joiner.<String>awaitAll(),
                    c -> c.withThreadFactory(task -> new Thread(() -> {
                        pool.execute(() -> {
                            task.run();
                            over.countDown();
                        });
                        awaitQuietly(over);
                    })))) {
                subtask = open.fork(this::runs);
                open.join();
            }
            assertThat(subtask.exception()).isInstanceOf(StructureViolationException.class);
            assertThat(ran).hasValue(0);
            assertThat(pool.submit(() -> "next").get()).isEqualTo("next");
        } finally {
            pool.shutdownNow();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void forkInTheThreadFactoryForksBothWhenTheListOfThoseRunningIsFull() throws Exception {
        AtomicInteger made = new AtomicInteger();
        List<Subtask<String>> subtasks = new ArrayList<>();
        ThreadFactory factory = task -> {
            if (made.incrementAndGet() == 4) {
                subtasks.add(scope.get().fork(this::runs));
            }
            return new Thread(task);
        };
        try (var open = TaskScope.open(Joiner.<String>awaitAll(), c -> c.withThreadFactory(factory))) {
            scope.set(open);
            for (int i = 0; i < 4; i++) {
                subtasks.add(open.fork(this::runs));
            }
            open.join();
            assertThat(subtasks).hasSize(5).allMatch(subtask -> subtask.state() == Subtask.State.SUCCESS);
        }
    }

    @Test
    void permitOfASubtaskThatCannotBeStartedPassesToTheNext() throws Exception {
        AtomicReference<Subtask<String>> inLine = new AtomicReference<>();
        ThreadFactory factory = acting(() -> {
            inLine.set(scope.get().fork(this::runs));
            throw new IllegalStateException("no thread");
        });
        try (var open = TaskScope.open(Joiner.<String>awaitAll(),
                c -> c.withMaxConcurrency(1).withThreadFactory(factory))) {
            scope.set(open);
            assertThatThrownBy(() -> open.fork(() -> "never")).hasMessage("no thread");
            open.join();
            assertThat(inLine.get().get()).isEqualTo("ran");
        }
    }

    @Test
    void factoryThatReturnsOneThreadTwiceIsTold() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<Thread> kept = new AtomicReference<>();
        AtomicInteger made = new AtomicInteger();
        ThreadFactory factory = task -> {
            if (made.incrementAndGet() > 2) {
                return kept.get();
            }
            Thread thread = new Thread(task);
            kept.set(thread);
            return thread;
        };
        try (var open = TaskScope.open(Joiner.<String>awaitAll(),
                c -> c.withMaxConcurrency(1).withThreadFactory(factory))) {
            open.fork(() -> {
                go.await();
                return "first";
            });
            Subtask<String> second = open.fork(this::runs);
            assertThatThrownBy(() -> open.fork(this::runs)).isInstanceOf(IllegalThreadStateException.class)
                    .hasMessageContaining(" twice. Return a new thread for each subtask");
            go.countDown();
            open.join();
            assertThat(second.get()).isEqualTo("ran");
        }
        assertThat(ran).hasValue(1);
    }

    @Test
    void lateFailureWhoseCauseCannotBeAskedForIsKept() throws Exception {
        class Odd extends RuntimeException {
            private static final long serialVersionUID = 1L;

            Odd() {
                super("odd");
            }

            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("no cause");
            }
        }
        Odd odd = new Odd();
        IllegalArgumentException first = new IllegalArgumentException("first");
        CountDownLatch waiting = new CountDownLatch(1);
        try (var open = TaskScope.open()) {
            open.fork(() -> {
                waiting.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException cancelled) {
                    throw odd;
                }
            });
            open.fork(() -> {
                waiting.await();
                throw first;
            });
            assertThatThrownBy(open::join).isInstanceOf(ExecutionException.class).cause().isSameAs(first);
        }
        assertThat(first.getSuppressed()).containsExactly(odd);
    }
}
