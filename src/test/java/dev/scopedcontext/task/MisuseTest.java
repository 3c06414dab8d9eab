package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.LogLines;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What subtasks, factories and joiners do that no program should, and what becomes of it. */
@OnEachEngine
@SuppressWarnings({"NullAway", "serial", "this-escape"})
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MisuseTest {

    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void aSubtaskInLineIsStartedOnceWhenItsTurnComesWhileItIsForked() throws Exception {
        long end = System.nanoTime() + Duration.ofMillis(700).toNanos();
        while (System.nanoTime() < end) {
            try (var scope = TaskScope.open(Joiner.<Integer>allSuccessfulOrThrow(), c -> c.withMaxConcurrency(2))) {
                for (int i = 0; i < 2_000; i++) {
                    int number = i;
                    scope.fork(() -> number);
                }
                assertThat(scope.join()).hasSize(2_000);
            }
        }
    }

    @Test
    void joinEndsWhenThreadsDieAndOthersWaitInLine() throws Exception {
        try (var scope = TaskScope.open(Joiner.<String>awaitAll(),
                c -> c.withMaxConcurrency(1).withThreadFactory(task -> new Thread(() -> {
                })))) {
            scope.fork(() -> "a");
            scope.fork(() -> "b");
            scope.join();
        }
    }

    @Test
    void aLateFailureThatIsInACircleIsReported() throws Exception {
        Exception first = new Exception("first");
        first.addSuppressed(new Exception("wraps it", first));
        try (LogLines log = LogLines.capture()) {
            raceWonAgainst(() -> {
                throw first;
            }, 1);
            assertThat(log.causes()).containsExactly(first);
        }
    }

    @Test
    void aFirstFailureThatKeepsNoSuppressedDoesNotHideTheOthers() throws Exception {
        class Mute extends Exception {
            private static final long serialVersionUID = 1L;

            Mute() {
                super("mute", null, false, false);
            }
        }
        IllegalStateException other = new IllegalStateException("other");
        CountDownLatch waiting = new CountDownLatch(1);
        try (LogLines log = LogLines.capture()) {
            Throwable thrown = null;
            try (var scope = TaskScope.<Object>open()) {
                scope.fork(() -> {
                    waiting.countDown();
                    return untilInterrupted(() -> {
                        throw other;
                    });
                });
                scope.fork(() -> {
                    waiting.await();
                    throw new Mute();
                });
                scope.join();
            } catch (ExecutionException e) {
                thrown = e;
            }
            List<Throwable> told = new CopyOnWriteArrayList<>(log.causes());
            told.addAll(List.of(thrown.getSuppressed()));
            told.addAll(List.of(thrown.getCause().getSuppressed()));
            assertThat(told).contains(other);
        }
    }

    @Test
    void lateFailuresThatAreTooManyToLogAreCounted() throws Exception {
        try (LogLines log = LogLines.capture()) {
            raceWonAgainst(() -> {
                throw new IllegalStateException("late");
            }, 150);
            assertThat(log.messages().size() == 150 || log.messages().stream().anyMatch(m -> m.contains("50 more")))
                    .isTrue();
        }
    }

    @Test
    void aLateFailureAfterAHundredThatWereToldIsNotForgottenWithThem() throws Exception {
        IllegalStateException late = new IllegalStateException("late");
        AtomicReference<Thread> lateThread = new AtomicReference<>();
        AtomicInteger told = new AtomicInteger();
        Joiner<Object, String, RuntimeException> joiner = new Joiner<>() {
            @Override
            public boolean onComplete(Subtask<Object> subtask) {
                return told.incrementAndGet() == 100;
            }

            @Override
            public String result() {
                try {
                    lateThread.get().join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return "done";
            }

            @Override
            public String timeout() {
                return "late";
            }
        };
        try (LogLines log = LogLines.capture()) {
            CountDownLatch waiting = new CountDownLatch(1);
            try (var scope = TaskScope.open(joiner)) {
                scope.fork(() -> {
                    lateThread.set(Thread.currentThread());
                    waiting.countDown();
                    return untilInterrupted(() -> {
                        throw late;
                    });
                });
                waiting.await();
                for (int i = 0; i < 100; i++) {
                    scope.fork(() -> {
                        throw new IllegalStateException("told");
                    });
                }
                scope.join();
            }
            assertThat(log.causes()).contains(late);
        }
    }

    @Test
    void aLateSocketTimeoutIsNotTakenForAnInterrupt() throws Exception {
        try (LogLines log = LogLines.capture()) {
            raceWonAgainst(() -> {
                throw new SocketTimeoutException("read timed out");
            }, 1);
            assertThat(log.causes()).hasSize(1);
        }
    }

    @Test
    void aTimeOutOfASubtasksOwnIsReportedThoughItIsLate() throws Exception {
        CancelledByTimeoutException own = new CancelledByTimeoutException();
        try (LogLines log = LogLines.capture()) {
            raceWonAgainst(() -> {
                throw own;
            }, 1);
            assertThat(log.causes()).containsExactly(own);
        }
    }

    @Test
    void aFailureThatScopesShareDoesNotGrowForEver() throws Exception {
        IllegalStateException shared = new IllegalStateException("shared");
        AtomicInteger others = new AtomicInteger();
        try (LogLines log = LogLines.capture()) {
            for (int i = 0; i < 300; i++) {
                CountDownLatch waiting = new CountDownLatch(1);
                try (var scope = TaskScope.<Object>open()) {
                    scope.fork(() -> {
                        waiting.countDown();
                        return untilInterrupted(() -> {
                            throw new IllegalStateException("another " + others.incrementAndGet());
                        });
                    });
                    scope.fork(() -> {
                        waiting.await();
                        throw shared;
                    });
                    scope.join();
                } catch (ExecutionException e) {
                    assertThat(e).hasCause(shared);
                }
            }
            assertThat(shared.getSuppressed().length).isBetween(100, 200);
            assertThat(others).hasValue(300);
        }
    }

    @Test
    void mapConcurrentTakesAnItemWhenItsTurnHasCome() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Iterable<Integer> items = () -> IntStream.range(0, 1_000).peek(item -> {
            most.accumulateAndGet(taken.incrementAndGet() - ended.get(), Math::max);
        }).iterator();
        assertThat(TaskScopes.mapConcurrent(items, 3, item -> {
            ended.incrementAndGet();
            return item;
        })).hasSize(1_000);
        // A range looks one item ahead.
        assertThat(most.get()).isBetween(1, 4);
    }

    @Test
    void mapConcurrentEndsWhenItIsInterruptedOrTimedOutWhileItWaitsForATurn() throws Exception {
        Thread owner = Thread.currentThread();
        assertThatThrownBy(() -> TaskScopes.mapConcurrent(List.of(1, 2), 1, item -> {
            owner.interrupt();
            return waitForEver();
        })).isInstanceOf(InterruptedException.class);
        ManualTicker clock = new ManualTicker();
        assertThatThrownBy(() -> ScopedContext.where(Deadline.KEY, Deadline.after(clock, Duration.ofSeconds(1)))
                .call(() -> TaskScopes.mapConcurrent(List.of(1, 2), 1, item -> {
                    new Thread(() -> clock.advance(Duration.ofSeconds(1))).start();
                    return waitForEver();
                }))).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(CancelledByTimeoutException.class);
    }

    private String waitForEver() {
        try {
            return untilInterrupted(() -> {
            });
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void mapConcurrentTakesNoMoreItemsOnceOneHasFailed() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        CompletableFuture<Thread> failing = new CompletableFuture<>();
        Iterable<Integer> items = () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return taken.get() < 10_000; // or for ever
            }

            @Override
            public Integer next() {
                if (taken.incrementAndGet() == 2) {
                    try {
                        failing.join().join();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                return taken.get();
            }
        };
        assertThatThrownBy(() -> TaskScopes.mapConcurrent(items, 2, item -> {
            failing.complete(Thread.currentThread());
            throw new IllegalStateException("first");
        })).isInstanceOf(ExecutionException.class);
        assertThat(taken.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void mapConcurrentThatIsInterruptedBetweenItemsReturnsNoPartOfTheResults() {
        AtomicInteger taken = new AtomicInteger();
        Iterable<Integer> items = () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return taken.get() < 10_000;
            }

            @Override
            public Integer next() {
                if (taken.incrementAndGet() == 2) {
                    Thread.currentThread().interrupt();
                }
                return taken.get();
            }
        };
        assertThatThrownBy(() -> TaskScopes.mapConcurrent(items, 1, item -> item))
                .isInstanceOf(InterruptedException.class);
        assertThat(taken).hasValue(2);
    }

    @Test
    void aThreadThatRunsItsSubtaskTwiceCountsOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch twice = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow(),
                c -> c.withThreadFactory(task -> new Thread(() -> {
                    task.run();
                    task.run();
                    twice.countDown();
                })))) {
            scope.fork(() -> {
                runs.incrementAndGet();
                return "a";
            });
            scope.fork(() -> {
                twice.await();
                Thread.sleep(100);
                return "b";
            });
            assertThat(scope.join()).containsExactly("a", "b");
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void aForkThatWasRefusedDoesNotCountWhenItsThreadRunsAllTheSame() throws Exception {
        AtomicBoolean later = new AtomicBoolean();
        AtomicReference<Thread> started = new AtomicReference<>();
        CountDownLatch refused = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<String>awaitAll(), c -> c.withThreadFactory(task -> {
            if (started.get() != null) {
                return new Thread(task);
            }
            Thread thread = new Thread(() -> {
                try {
                    refused.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                task.run();
            });
            thread.start();
            started.set(thread);
            return thread;
        }))) {
            assertThatThrownBy(() -> scope.fork(() -> "a")).isInstanceOf(IllegalThreadStateException.class);
            refused.countDown();
            started.get().join();
            Subtask<String> second = scope.fork(() -> {
                Thread.sleep(200);
                later.set(true);
                return "b";
            });
            scope.join();
            assertThat(second.state()).isEqualTo(Subtask.State.SUCCESS);
        }
    }

    @Test
    void aFactoryThatRunsTheSubtaskElsewhereIsTheSameFaultOnEveryEngine() throws Exception {
        Throwable thrown = null;
        try (var scope = TaskScope.<String>open(c -> c.withThreadFactory(task -> new Thread(() -> {
            Thread other = new Thread(task);
            other.setUncaughtExceptionHandler((thread, failure) -> {
            });
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        })))) {
            scope.fork(() -> "a");
            scope.join();
        } catch (Throwable failure) {
            thrown = failure;
        }
        assertThat(thrown).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(StructureViolationException.class);
    }

    @Test
    void aDeadlineIsNotLoosenedBesideATighterOneInTheSameBindings() {
        Deadline.within(Duration.ofSeconds(1)).where(Deadline.KEY, Deadline.after(Duration.ofSeconds(50)))
                .run(() -> assertThat(Deadline.current().remaining()).isLessThan(Duration.ofSeconds(2)));
    }

    private interface Failing {
        void run() throws Exception;
    }

    private String untilInterrupted(Failing then) throws Exception {
        try {
            never.await();
        } catch (InterruptedException e) {
            then.run();
        }
        return "never";
    }

    private void raceWonAgainst(Failing loser, int losers) throws Exception {
        CountDownLatch waiting = new CountDownLatch(losers);
        try (var scope = TaskScope.open(Joiner.<String>anySuccessfulOrThrow())) {
            for (int i = 0; i < losers; i++) {
                scope.fork(() -> {
                    waiting.countDown();
                    return untilInterrupted(loser);
                });
            }
            scope.fork(() -> {
                waiting.await();
                return "won";
            });
            assertThat(scope.join()).isEqualTo("won");
        }
    }
}
