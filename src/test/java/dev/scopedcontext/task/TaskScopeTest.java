package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Forking, joining and closing, as in the JDK. */
@OnEachEngine
class TaskScopeTest {

    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void joinWaitsForAllSubtasks() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (var scope = TaskScope.open()) {
            for (int i = 0; i < 100; i++) {
                scope.fork(ended::incrementAndGet);
            }
            assertThat(scope.join()).isNull();
            assertThat(ended).hasValue(100);
            assertThat(scope.isCancelled()).isFalse();
        }
    }

    @Test
    void joinReturnsWithoutSubtasks() throws Exception {
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
            assertThat(scope.join()).isEmpty();
        }
    }

    @Test
    void aSubtaskHasStateAndResult() throws Exception {
        try (var scope = TaskScope.<Object>open()) {
            CountDownLatch go = new CountDownLatch(1);
            Subtask<String> value = scope.fork(() -> {
                go.await();
                return "value";
            });
            Subtask<Object> none = scope.fork(() -> {
            });
            assertThat(value.state()).isEqualTo(Subtask.State.UNAVAILABLE);
            go.countDown();
            scope.join();
            assertThat(value.state()).isEqualTo(Subtask.State.SUCCESS);
            assertThat(value.get()).isEqualTo("value");
            assertThat(none.get()).isNull();
            assertThatThrownBy(value::exception).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has no exception: it succeeded");
        }
    }

    @Test
    void aFailedSubtaskHasItsException() throws Exception {
        RuntimeException failure = new RuntimeException("failure");
        try (var scope = TaskScope.open(Joiner.<String>awaitAll())) {
            Subtask<String> failed = scope.fork(() -> {
                throw failure;
            });
            scope.join();
            assertThat(failed.state()).isEqualTo(Subtask.State.FAILED);
            assertThat(failed.exception()).isSameAs(failure);
            assertThat(failed.toString()).startsWith("Subtask[FAILED in TaskScope[unnamed");
            assertThatThrownBy(failed::get).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has no result: it failed with java.lang.RuntimeException: failure");
        }
    }

    @Test
    void resultsAreNotReadBeforeJoin() throws Exception {
        try (var scope = TaskScope.<String>open(c -> c.withName("page"))) {
            Subtask<String> subtask = scope.fork(() -> "value");
            assertThatThrownBy(subtask::get).isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("get() was called before TaskScope[page, opened by ")
                    .hasMessageContaining("call join() first");
            assertThatThrownBy(subtask::exception).isInstanceOf(IllegalStateException.class);
            scope.join();
        }
    }

    @Test
    void theFirstFailureCancelsTheOthers() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        RuntimeException failure = new RuntimeException("failure");
        CountDownLatch waiting = new CountDownLatch(1);
        try (var scope = TaskScope.open()) {
            Subtask<?> waiter = scope.fork(() -> {
                waiting.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    interrupted.set(true);
                    throw e;
                }
                return null;
            });
            scope.fork(() -> {
                waiting.await();
                throw failure;
            });
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class).cause().isSameAs(failure)
                    .hasNoSuppressedExceptions();
            assertThat(scope.isCancelled()).isTrue();
            Subtask<?> late = scope.toString().isEmpty() ? null : waiter;
            assertThat(late.state()).isEqualTo(Subtask.State.UNAVAILABLE);
        }
        assertThat(interrupted).isTrue();
    }

    @Test
    void whatIsForkedInACancelledScopeDoesNotRun() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        try (var scope = TaskScope.open(Joiner.allUntil(subtask -> true))) {
            scope.fork(ran::incrementAndGet);
            while (!scope.isCancelled()) {
                Thread.onSpinWait();
            }
            Subtask<Integer> late = scope.fork(ran::incrementAndGet);
            assertThat(scope.join()).hasSize(2);
            assertThat(late.state()).isEqualTo(Subtask.State.UNAVAILABLE);
            assertThatThrownBy(late::get).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("did not end before its scope was cancelled, or never ran");
        }
        assertThat(ran).hasValue(1);
    }

    @Test
    void aScopeIsJoinedOnceAndNotForkedInAfterwards() throws Exception {
        try (var scope = TaskScope.<String>open(c -> c.withName("page"))) {
            scope.join();
            assertThatThrownBy(scope::join).isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("join() was called on TaskScope[page").hasMessageContaining("after join()");
            assertThatThrownBy(() -> scope.fork(() -> "late")).isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("fork() was called on TaskScope[page")
                    .hasMessageContaining("after join(). Open another task scope");
        }
    }

    @Test
    void aClosedScopeIsOfNoUse() {
        var scope = TaskScope.<String>open();
        scope.close();
        scope.close();
        assertThatThrownBy(scope::join).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("which is closed");
        assertThatThrownBy(() -> scope.fork(() -> "late")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("which is closed");
        assertThat(scope.isCancelled()).isTrue();
    }

    @Test
    void closingWithoutJoinCancelsAndIsReported() {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch waiting = new CountDownLatch(1);
        assertThatThrownBy(() -> {
            try (var scope = TaskScope.open()) {
                scope.fork(() -> {
                    waiting.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                });
                waiting.await();
            }
        }).isInstanceOf(IllegalStateException.class).hasMessageContaining("was closed without join() after subtasks");
        assertThat(interrupted).isTrue();
    }

    @Test
    void closingWithoutForkOrJoinIsFine() {
        try (var scope = TaskScope.open()) {
            assertThat(scope.isCancelled()).isFalse();
        }
    }

    @Test
    void closeWaitsForASubtaskThatIgnoresInterruptsAndJoinDoesNot() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<Thread> stubborn = new AtomicReference<>();
        CountDownLatch running = new CountDownLatch(1);
        var scope = TaskScope.open(Joiner.<Object>anySuccessfulOrThrow());
        scope.fork(() -> {
            stubborn.set(Thread.currentThread());
            running.countDown();
            awaitIgnoringInterrupts(go);
            return "late";
        });
        scope.fork(() -> {
            running.await();
            return "first";
        });
        assertThat(scope.join()).isEqualTo("first");
        assertThat(stubborn.get().isAlive()).isTrue();
        go.countDown();
        scope.close();
        assertThat(stubborn.get().isAlive()).isFalse();
    }

    @Test
    void closeKeepsAnInterrupt() throws Exception {
        var scope = TaskScope.open(Joiner.<Object>awaitAll());
        scope.fork(() -> awaitIgnoringInterrupts(new CountDownLatch(0)));
        scope.join();
        Thread.currentThread().interrupt();
        scope.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anOwnerInterruptedInJoinMayJoinAgain() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow(), c -> c.withName("page"))) {
            scope.fork(() -> {
                go.await();
                return "value";
            });
            Thread.currentThread().interrupt();
            assertThatThrownBy(scope::join).isInstanceOf(InterruptedException.class)
                    .hasMessageStartingWith("Interrupted while waiting for the subtasks of TaskScope[page");
            assertThat(scope.isCancelled()).isFalse();
            assertThatThrownBy(() -> scope.fork(() -> "late")).isInstanceOf(IllegalStateException.class);
            go.countDown();
            assertThat(scope.join()).containsExactly("value");
        }
    }

    @Test
    void anOwnerInterruptedInJoinLeavesAndItsSubtasksAreCancelled() {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch waiting = new CountDownLatch(1);
        assertThatThrownBy(() -> {
            try (var scope = TaskScope.open()) {
                scope.fork(() -> {
                    waiting.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                    return null;
                });
                waiting.await();
                Thread.currentThread().interrupt();
                scope.join();
            }
        }).isInstanceOf(InterruptedException.class).hasNoSuppressedExceptions();
        assertThat(interrupted).isTrue();
    }

    @Test
    void nullArgumentsAreNamed() throws Exception {
        assertThatThrownBy(() -> TaskScope.open((Joiner<Object, Object, Exception>) null))
                .isInstanceOf(NullPointerException.class).hasMessage("joiner");
        assertThatThrownBy(() -> TaskScope.open(Joiner.awaitAll(), null)).isInstanceOf(NullPointerException.class)
                .hasMessage("configuration");
        assertThatThrownBy(() -> TaskScope.open(c -> null)).isInstanceOf(NullPointerException.class)
                .hasMessage("configuration returned null");
        assertThatThrownBy(() -> TaskScope.open(c -> c.withName(null))).hasMessage("name");
        assertThatThrownBy(() -> TaskScope.open(c -> c.withTimeout(null))).hasMessage("timeout");
        assertThatThrownBy(() -> TaskScope.open(c -> c.withDeadline(null))).hasMessage("deadline");
        assertThatThrownBy(() -> TaskScope.open(c -> c.withThreadFactory(null))).hasMessage("threadFactory");
        assertThatThrownBy(() -> TaskScope.open(c -> c.withMaxConcurrency(0)))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("subtasks must be at least 1, not 0");
        assertThatThrownBy(() -> Joiner.quorum(0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("successes must be at least 1, not 0");
        assertThatThrownBy(() -> Joiner.allUntil(null)).isInstanceOf(NullPointerException.class).hasMessage("isDone");
        assertThatThrownBy(() -> Joiner.allSuccessfulOrThrow(null)).hasMessage("mapper");
        try (var scope = TaskScope.<Object>open()) {
            assertThatThrownBy(() -> scope.fork((Callable<Object>) null)).isInstanceOf(NullPointerException.class)
                    .hasMessage("task");
            assertThatThrownBy(() -> scope.fork((Runnable) null)).isInstanceOf(NullPointerException.class)
                    .hasMessage("task");
        }
    }

    @Test
    void aFactoryThatReturnsNullRefusesTheSubtask() throws Exception {
        try (var scope = TaskScope.<String>open(c -> c.withThreadFactory(task -> null))) {
            assertThatThrownBy(() -> scope.fork(() -> "never")).isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("returned null");
        }
    }

    @Test
    void aFactoryThatThrowsIsHeard() throws Exception {
        AtomicInteger made = new AtomicInteger();
        IllegalStateException failure = new IllegalStateException("no more threads");
        try (var scope = TaskScope.open(Joiner.<String>awaitAll(), c -> c.withThreadFactory(task -> {
            if (made.incrementAndGet() == 2) {
                throw failure;
            }
            return new Thread(task, "page-thread");
        }))) {
            Subtask<String> first = scope.fork(() -> "first");
            assertThatThrownBy(() -> scope.fork(() -> "never")).isSameAs(failure);
            Subtask<String> third = scope.fork(() -> "third");
            scope.join();
            assertThat(List.of(first.get(), third.get())).containsExactly("first", "third");
        }
    }

    @Test
    void aThreadThatDiesWithoutRunningItsSubtaskIsNotWaitedFor() throws Exception {
        try (var scope = TaskScope.open(Joiner.<String>collect(), c -> c.withThreadFactory(task -> new Thread(() -> {
        })))) {
            scope.fork(() -> "never");
            assertThat(scope.join()).isEqualTo(new Collected<>(List.of(), List.of(), false));
        }
    }

    @Test
    void threadsCarryTheNameOfTheScope() throws Exception {
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow(), c -> c.withName("page"))) {
            scope.fork(() -> Thread.currentThread().getName());
            scope.fork(() -> Thread.currentThread().getName());
            assertThat(scope.join()).containsExactly("page-1", "page-2");
            assertThat(scope).hasToString("TaskScope[page, opened by " + Thread.currentThread() + "]");
        }
    }

    @Test
    void threadsAreDaemonsAndVirtualWhereTheJdkHasThem() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Thread>allSuccessfulOrThrow())) {
            scope.fork(Thread::currentThread);
            Thread thread = scope.join().get(0);
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getClass().getSimpleName())
                    .isEqualTo(Runtime.version().feature() >= 21 ? "VirtualThread" : "Thread");
        }
    }

    @Test
    void aScopeForksOnForLongWithoutHoldingWhatHasEnded() throws Exception {
        try (var scope = TaskScope.open()) {
            for (int i = 0; i < 20_000; i++) {
                scope.fork(() -> {
                });
            }
            scope.join();
        }
    }

    static void awaitIgnoringInterrupts(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTimeoutCancels() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Object>allSuccessfulOrThrow(),
                c -> c.withTimeout(Duration.ofMillis(10)))) {
            scope.fork(() -> {
                never.await();
                return null;
            });
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class).cause()
                    .isInstanceOf(CancelledByTimeoutException.class)
                    .hasMessage("The task scope was cancelled because its time was up");
            assertThat(scope.isCancelled()).isTrue();
        }
    }
}
