package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The ready joiners: each when all succeed, when some fail, when the time is up; and the check of their arguments. */
@OnEachEngine
class JoinerTest {

    private final CountDownLatch never = new CountDownLatch(1);
    private final ManualTicker ticker = new ManualTicker();
    private final Deadline deadline = Deadline.after(ticker, Duration.ofSeconds(1));
    private final RuntimeException failure = new RuntimeException("failure");

    private Object fail() {
        throw failure;
    }

    private Object waitForEver() throws InterruptedException {
        never.await();
        return "never";
    }

    private static void awaitEnd(Subtask<?> subtask) {
        while (subtask.state() == Subtask.State.UNAVAILABLE) {
            Thread.onSpinWait();
        }
    }

    @Test
    void allSuccessfulReturnsResultsInTheOrderOfForking() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
            scope.fork(() -> {
                second.await();
                return 1;
            });
            scope.fork(() -> {
                second.countDown();
                return null;
            });
            List<Integer> results = scope.join();
            assertThat(results).containsExactly(1, null);
            assertThatThrownBy(() -> results.add(3)).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void anySuccessfulSkipsFailures() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Object>anySuccessfulOrThrow())) {
            awaitEnd(scope.fork(this::fail));
            scope.fork(() -> "value");
            assertThat(scope.join()).isEqualTo("value");
        }
    }

    @Test
    void anySuccessfulOfNoneIsToldAsSuch() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Object>anySuccessfulOrThrow())) {
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class).cause()
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("0 subtasks succeeded, but at least 1 must succeed");
        }
    }

    @Test
    void quorumReturnsTheFirstSuccessesAndCancelsTheRest() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Object>quorum(2))) {
            scope.fork(this::waitForEver);
            awaitEnd(scope.fork(() -> "a"));
            awaitEnd(scope.fork(this::fail));
            awaitEnd(scope.fork(() -> "b"));
            assertThat(scope.join()).containsExactly("a", "b");
            assertThat(scope.isCancelled()).isTrue();
        }
    }

    @Test
    void quorumOfTooFewThrowsTheFirstFailure() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Object>quorum(2))) {
            scope.fork(() -> "a");
            scope.fork(this::fail);
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class).hasCause(failure);
        }
        try (var scope = TaskScope.open(Joiner.<Object>quorum(2))) {
            scope.fork(() -> "a");
            assertThatThrownBy(scope::join).hasRootCauseMessage("1 subtasks succeeded, but at least 2 must succeed");
        }
    }

    @Test
    void awaitAllWaitsForAllWhateverTheyDo() throws Exception {
        try (var scope = TaskScope.open(Joiner.awaitAll())) {
            Subtask<Object> failed = scope.fork(this::fail);
            Subtask<Object> succeeded = scope.fork(() -> "value");
            assertThat(scope.join()).isNull();
            assertThat(failed.exception()).isSameAs(failure);
            assertThat(succeeded.get()).isEqualTo("value");
        }
    }

    @Test
    void collectReturnsSuccessesAndFailures() throws Exception {
        try (var scope = TaskScope.open(Joiner.collect())) {
            scope.fork(() -> "a");
            scope.fork(this::fail);
            scope.fork(() -> null);
            Collected<Object> collected = scope.join();
            assertThat(collected.successes()).containsExactly("a", null);
            assertThat(collected.failures()).containsExactly(failure);
            assertThat(collected.timedOut()).isFalse();
        }
    }

    @Test
    void collectReturnsWhatWasDoneByATimeout() throws Exception {
        try (var scope = TaskScope.open(Joiner.collect(), c -> c.withDeadline(deadline))) {
            scope.fork(this::waitForEver);
            awaitEnd(scope.fork(() -> "a"));
            awaitEnd(scope.fork(this::fail));
            ticker.advance(Duration.ofSeconds(1));
            assertThat(scope.join()).isEqualTo(new Collected<>(List.of("a"), List.of(failure), true));
        }
    }

    @Test
    void allUntilReturnsAllSubtasksWhenOneIsFound() throws Exception {
        try (var scope = TaskScope.open(Joiner.allUntil(subtask -> subtask.state() == Subtask.State.FAILED))) {
            Subtask<Object> waiting = scope.fork(this::waitForEver);
            Subtask<Object> failed = scope.fork(this::fail);
            assertThat(scope.join()).containsExactly(waiting, failed);
            assertThat(scope.isCancelled()).isTrue();
        }
    }

    @Test
    void allUntilReturnsAllSubtasksAtATimeout() throws Exception {
        try (var scope = TaskScope.open(Joiner.allUntil(subtask -> false), c -> c.withDeadline(deadline))) {
            Subtask<Object> waiting = scope.fork(this::waitForEver);
            ticker.advance(Duration.ofSeconds(1));
            assertThat(scope.join()).containsExactly(waiting);
        }
    }

    @Test
    void theOthersThrowAtATimeout() throws Exception {
        assertTimesOut(Joiner.allSuccessfulOrThrow(), ExecutionException.class);
        assertTimesOut(Joiner.anySuccessfulOrThrow(), ExecutionException.class);
        assertTimesOut(Joiner.awaitAllSuccessfulOrThrow(), ExecutionException.class);
        assertTimesOut(Joiner.quorum(1), ExecutionException.class);
        assertTimesOut(Joiner.awaitAll(), CancelledByTimeoutException.class);
    }

    private void assertTimesOut(Joiner<Object, ?, ?> joiner, Class<?> thrown) {
        Deadline inASecond = Deadline.after(ticker, Duration.ofSeconds(1));
        try (var scope = TaskScope.open(joiner, c -> c.withDeadline(inASecond))) {
            scope.fork(this::waitForEver);
            ticker.advance(Duration.ofSeconds(1));
            assertThatThrownBy(scope::join).isInstanceOf(thrown).satisfies(failure -> assertThat(
                    failure.getCause() == null ? failure : failure.getCause())
                    .isInstanceOf(CancelledByTimeoutException.class));
        }
    }

    @Test
    void aJoinerMayCancelWhenToldOfAFork() throws Exception {
        try (var scope = TaskScope.open(new Joiner<String, String, RuntimeException>() {
            @Override
            public boolean onFork(Subtask<String> subtask) {
                return true;
            }

            @Override
            public String result() {
                return "enough";
            }

            @Override
            public String timeout() {
                return "timeout";
            }
        })) {
            Subtask<String> subtask = scope.fork(() -> "never");
            assertThat(scope.isCancelled()).isTrue();
            assertThat(scope.join()).isEqualTo("enough");
            assertThat(subtask.state()).isEqualTo(Subtask.State.UNAVAILABLE);
        }
    }

    private static List<Supplier<Joiner<String, ?, ?>>> everyJoiner() {
        List<Supplier<Joiner<String, ?, ?>>> joiners = new ArrayList<>();
        joiners.add(Joiner::allSuccessfulOrThrow);
        joiners.add(Joiner::anySuccessfulOrThrow);
        joiners.add(Joiner::awaitAllSuccessfulOrThrow);
        joiners.add(() -> Joiner.allUntil(subtask -> false));
        joiners.add(() -> Joiner.quorum(1));
        joiners.add(Joiner::awaitAll);
        joiners.add(Joiner::collect);
        joiners.add(() -> new Joiner<String, String, RuntimeException>() {
            @Override
            public String result() {
                return "own";
            }

            @Override
            public String timeout() {
                return "own";
            }
        });
        return joiners;
    }

    @Test
    @SuppressWarnings("NullAway")
    void argumentsAreCheckedAsTheJdkDoes() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<String>awaitAll())) {
            Subtask<String> subtask = scope.fork(() -> {
                done.await();
                return "done";
            });
            Subtask<String> failing = scope.fork(() -> {
                throw new IllegalStateException("failed");
            });
            for (var joiner : everyJoiner()) {
                assertThatThrownBy(() -> joiner.get().onFork(null)).isInstanceOf(NullPointerException.class)
                        .hasMessage("subtask");
                assertThatThrownBy(() -> joiner.get().onComplete(null)).isInstanceOf(NullPointerException.class)
                        .hasMessage("subtask");
                assertThatThrownBy(() -> joiner.get().onComplete(subtask))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("onComplete() was called with Subtask[UNAVAILABLE in TaskScope[")
                        .hasMessageContaining("which has neither succeeded nor failed");
            }
            done.countDown();
            scope.join();
            for (var joiner : everyJoiner()) {
                assertThatThrownBy(() -> joiner.get().onFork(subtask)).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("onFork() was called with Subtask[SUCCESS in TaskScope[")
                        .hasMessageContaining("which has ended");
                assertThatThrownBy(() -> joiner.get().onFork(failing)).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("with java.lang.IllegalStateException: failed]");
            }
        }
    }
}
