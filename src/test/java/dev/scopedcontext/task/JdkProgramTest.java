package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A program written for {@code StructuredTaskScope} of JDK 28, in all its shapes. Against the JDK's it compiles when
 * {@code TaskScope} is replaced by {@code StructuredTaskScope}, and {@code Joiner}, {@code Subtask} and {@code
 * CancelledByTimeoutException} are imported from there.
 */
@OnEachEngine
class JdkProgramTest {

    // @start region="program"
    static String both(Callable<String> left, Callable<Integer> right) throws InterruptedException, ExecutionException {
        try (var scope = TaskScope.open()) {
            Subtask<String> l = scope.fork(left);
            Subtask<Integer> r = scope.fork(right);
            scope.join();
            return l.get() + r.get();
        }
    }

    static <T> List<T> all(List<Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try (var scope = TaskScope.open(Joiner.<T>allSuccessfulOrThrow())) {
            tasks.forEach(scope::fork);
            return scope.join();
        }
    }

    static <T> T any(List<Callable<T>> tasks, ThreadFactory factory, Duration timeout)
            throws InterruptedException, ExecutionException {
        try (var scope = TaskScope.open(Joiner.<T>anySuccessfulOrThrow(),
                cf -> cf.withThreadFactory(factory).withName("any").withTimeout(timeout))) {
            tasks.forEach(scope::fork);
            return scope.join();
        }
    }

    static <T> List<Subtask<T>> until(List<Callable<T>> tasks) throws InterruptedException {
        try (TaskScope<T, List<Subtask<T>>, RuntimeException> scope = TaskScope
                .open(Joiner.allUntil(subtask -> subtask.state() == Subtask.State.FAILED))) {
            tasks.forEach(scope::fork);
            return scope.join();
        }
    }

    static class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(Throwable cause) {
            super(cause);
        }
    }

    static void checks(Runnable... checks) throws InterruptedException, Refused {
        try (TaskScope<Object, Void, Refused> scope = TaskScope.open(Joiner.awaitAllSuccessfulOrThrow(Refused::new))) {
            for (Runnable check : checks) {
                scope.fork(check);
            }
            scope.join();
        }
    }

    static class CollectingJoiner<T> implements Joiner<T, Stream<T>, RuntimeException> {

        private final ConcurrentLinkedQueue<T> results = new ConcurrentLinkedQueue<>();

        @Override
        public boolean onFork(Subtask<T> subtask) {
            return false;
        }

        @Override
        public boolean onComplete(Subtask<T> subtask) {
            if (subtask.state() == Subtask.State.SUCCESS) {
                results.add(subtask.get());
            }
            return false;
        }

        @Override
        public Stream<T> result() {
            return results.stream();
        }

        @Override
        public Stream<T> timeout() {
            throw new CancelledByTimeoutException();
        }
    }

    static List<String> collected(UnaryOperator<TaskScope.Configuration> configuration) throws InterruptedException {
        try (var scope = TaskScope.open(new CollectingJoiner<String>(), configuration)) {
            scope.fork(() -> "a");
            scope.fork(() -> {
                throw new IllegalStateException();
            });
            return scope.join().toList();
        }
    }

    static void named() throws InterruptedException, ExecutionException {
        try (var scope = TaskScope.open(cf -> cf.withName("named"))) {
            Subtask<Object> subtask = scope.fork(() -> {
                throw new IllegalStateException("named");
            });
            scope.join();
            throw new AssertionError(subtask.get());
        }
    }
    // @end

    @Test
    void theProgramRuns() throws Exception {
        assertThat(both(() -> "a", () -> 1)).isEqualTo("a1");
        assertThat(all(List.of(() -> 1, () -> 2))).containsExactly(1, 2);
        assertThat(any(List.<Callable<Integer>>of(() -> 1), Thread::new, Duration.ofMinutes(1))).isEqualTo(1);
        assertThat(until(List.<Callable<Integer>>of(() -> 1))).hasSize(1);
        checks(() -> {
        });
        assertThatThrownBy(() -> checks(() -> {
            throw new IllegalStateException("no");
        })).isInstanceOf(Refused.class).hasRootCauseMessage("no");
        assertThat(collected(cf -> cf)).containsExactly("a");
        assertThatThrownBy(JdkProgramTest::named).isInstanceOf(ExecutionException.class).hasRootCauseMessage("named");
    }
}
