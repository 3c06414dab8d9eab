package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.LogLines;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The first cause is kept, the others are suppressed, and nothing is lost on any way out. */
@OnEachEngine
class FailureTest {

    private final CountDownLatch never = new CountDownLatch(1);
    private final RuntimeException first = new RuntimeException("first");
    private final RuntimeException second = new RuntimeException("second");

    @Test
    void aFailureAfterTheFirstIsSuppressedIntoIt() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        try (var scope = TaskScope.open()) {
            scope.fork(() -> failWhenInterrupted(waiting, second));
            scope.fork(() -> {
                waiting.await();
                throw first;
            });
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class).cause().isSameAs(first);
        }
        assertThat(first.getSuppressed()).containsExactly(second);
    }

    @Test
    void interruptsAndCancellationsThatFollowAreLeftOut() throws Exception {
        CountDownLatch waiting = new CountDownLatch(3);
        try (var scope = TaskScope.open()) {
            scope.fork(() -> failWhenInterrupted(waiting, new CancellationException()));
            scope.fork(() -> failWhenInterrupted(waiting, new IOException(new InterruptedException())));
            scope.fork(() -> failWhenInterrupted(waiting, new InterruptedException()));
            scope.fork(() -> {
                waiting.await();
                throw first;
            });
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class).cause().isSameAs(first);
        }
        assertThat(first.getSuppressed()).isEmpty();
    }

    private Void failWhenInterrupted(CountDownLatch waiting, Exception failure) throws Exception {
        waiting.countDown();
        try {
            never.await();
        } catch (InterruptedException e) {
            throw failure;
        }
        return null;
    }

    @Test
    void allFailuresAreToldWhenNoneOfSeveralSucceeds() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        assertThatThrownBy(() -> TaskScopes.race(() -> {
            try {
                throw first;
            } finally {
                failed.countDown();
            }
        }, () -> {
            failed.await();
            throw second;
        })).isInstanceOf(ExecutionException.class).satisfies(thrown -> assertThat(
                Arrays.asList(thrown.getCause(), thrown.getCause().getSuppressed()[0]))
                .containsExactlyInAnyOrder(first, second));
    }

    @Test
    void aFailureBeforeATimeoutIsToldWithIt() throws Exception {
        ManualTicker ticker = new ManualTicker();
        CountDownLatch waiting = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<Object>quorum(2),
                c -> c.withDeadline(Deadline.after(ticker, java.time.Duration.ofSeconds(1))))) {
            Subtask<Object> failed = scope.fork(() -> {
                throw first;
            });
            scope.fork(() -> failWhenInterrupted(waiting, second));
            waiting.await();
            while (failed.state() == Subtask.State.UNAVAILABLE) {
                Thread.onSpinWait();
            }
            ticker.advance(java.time.Duration.ofSeconds(1));
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class).cause()
                    .isInstanceOf(CancelledByTimeoutException.class).satisfies(timeout -> {
                        scope.close();
                        assertThat(timeout.getSuppressed()).containsExactly(first, second);
                    });
        }
    }

    @Test
    void failuresAreToldWithAnInterruptOfTheOwner() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        InterruptedException interrupted = null;
        try (var scope = TaskScope.open(Joiner.<Object>awaitAll())) {
            Subtask<Object> failed = scope.fork(() -> {
                throw first;
            });
            scope.fork(() -> failWhenInterrupted(waiting, second));
            waiting.await();
            while (failed.state() == Subtask.State.UNAVAILABLE) {
                Thread.onSpinWait();
            }
            Thread.currentThread().interrupt();
            scope.join();
        } catch (InterruptedException e) {
            interrupted = e;
        }
        assertThat(interrupted.getSuppressed()).containsExactly(first, second);
    }

    @Test
    void failuresAreToldWhenTheScopeIsNotJoined() throws Exception {
        RuntimeException body = new RuntimeException("body");
        assertThatThrownBy(() -> {
            try (var scope = TaskScope.open(Joiner.<Object>awaitAll())) {
                Subtask<Object> failed = scope.fork(() -> {
                    throw first;
                });
                while (failed.state() == Subtask.State.UNAVAILABLE) {
                    Thread.onSpinWait();
                }
                throw body;
            }
        }).isSameAs(body);
        assertThat(body.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class)
                .satisfies(notJoined -> assertThat(notJoined.getSuppressed()).containsExactly(first));
    }

    @Test
    void aFailureThatNobodyWouldBeToldOfIsLogged() throws Exception {
        try (LogLines log = LogLines.capture()) {
            CountDownLatch waiting = new CountDownLatch(1);
            try (var scope = TaskScope.open(Joiner.<Object>anySuccessfulOrThrow(), c -> c.withName("race"))) {
                scope.fork(() -> failWhenInterrupted(waiting, second));
                scope.fork(() -> {
                    waiting.await();
                    return "won";
                });
                assertThat(scope.join()).isEqualTo("won");
            }
            assertThat(log.messages()).singleElement().asString().startsWith("A subtask of TaskScope[race, opened by ");
            assertThat(log.causes()).containsExactly(second);
        }
    }

    @Test
    void theSameExceptionTwiceIsToldOnce() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Object, RuntimeException>anySuccessfulOrThrow(cause -> first))) {
            scope.fork(() -> {
                throw first;
            });
            scope.fork(() -> {
                throw first;
            });
            assertThatThrownBy(scope::join).isSameAs(first);
        }
        assertThat(first.getSuppressed()).isEmpty();
    }

    @Test
    void anErrorIsAFailureLikeAnyOther() throws Exception {
        OutOfMemoryError memory = new OutOfMemoryError("a test's");
        try (var scope = TaskScope.open()) {
            scope.fork(() -> {
                throw memory;
            });
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class).cause().isSameAs(memory);
        }
        try (var scope = TaskScope.open()) {
            scope.fork(() -> overflow(0));
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(StackOverflowError.class);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    @Test
    void whatOnForkThrowsIsThrownByFork() throws Exception {
        try (var scope = TaskScope.open(new Failing("onFork"))) {
            assertThatThrownBy(() -> scope.fork(() -> "never")).hasMessage("onFork");
            assertThat(scope.join()).isEqualTo("result");
        }
    }

    @Test
    void whatOnCompleteThrowsCancelsAndIsThrownByJoin() throws Exception {
        try (var scope = TaskScope.open(new Failing("onComplete"))) {
            scope.fork(() -> "value");
            assertThatThrownBy(scope::join).isInstanceOf(IllegalStateException.class).hasMessage("onComplete");
            assertThat(scope.isCancelled()).isTrue();
        }
    }

    @Test
    void whatOnCompleteThrowsIsToldWithTheFailureItWasToldOf() throws Exception {
        try (var scope = TaskScope.open(new Failing("onComplete"))) {
            scope.fork(() -> {
                throw first;
            });
            assertThatThrownBy(scope::join).hasMessage("onComplete").hasSuppressedException(first);
        }
    }

    @Test
    void whatResultThrowsIsThrownByJoin() throws Exception {
        try (var scope = TaskScope.open(new Failing("result"))) {
            scope.fork(() -> "value");
            assertThatThrownBy(scope::join).hasMessage("result");
        }
    }

    private record Failing(String where) implements Joiner<String, String, RuntimeException> {

        private void check(String method) {
            if (where.equals(method)) {
                throw new IllegalStateException(where);
            }
        }

        @Override
        public boolean onFork(Subtask<String> subtask) {
            check("onFork");
            return false;
        }

        @Override
        public boolean onComplete(Subtask<String> subtask) {
            check("onComplete");
            return false;
        }

        @Override
        public String result() {
            check("result");
            return "result";
        }

        @Override
        public String timeout() {
            return "timeout";
        }
    }

    @Test
    void aMapperMakesTheException() throws Exception {
        try (var scope = TaskScope.open(Joiner.<String, IOException>allSuccessfulOrThrow(IOException::new))) {
            scope.fork(() -> {
                throw first;
            });
            assertThatThrownBy(scope::join).isInstanceOf(IOException.class).cause().isSameAs(first);
        }
    }

    @Test
    void moreFailuresThanAnybodyReadsAreCounted() throws Exception {
        try (var scope = TaskScope.open(Joiner.anySuccessfulOrThrow())) {
            for (int i = 0; i < 150; i++) {
                scope.fork(() -> {
                    throw new IOException("failure");
                });
            }
            assertThatThrownBy(scope::join).satisfies(thrown -> {
                Throwable[] suppressed = thrown.getCause().getSuppressed();
                assertThat(suppressed).hasSize(100);
                assertThat(suppressed[99]).hasMessage("50 more failures of subtasks are left out here");
            });
        }
    }
}
