package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.CancelledByTimeoutException;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.Subtask;
import dev.scopedcontext.task.TaskScope;
import dev.scopedcontext.task.TaskScopes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/splitting-work.md. */
@ExtendWith(CleanThread.class)
class SplittingWorkPageTest {

    // @start region="parts"
    static final ContextKey<String> USER = ContextKey.named("user");

    static String header() {
        return "Hello " + USER.get();
    }

    static String body() {
        return "Your orders";
    }
    // @end

    // @start region="ready"
    static List<String> pages(List<String> names) throws ExecutionException, InterruptedException {
        return TaskScopes.mapConcurrent(names, 10, name -> "page of " + name); // at most ten at once
    }

    static String fastest() throws ExecutionException, InterruptedException {
        return TaskScopes.race(() -> header(), () -> body());
    }

    static String both() throws ExecutionException, InterruptedException {
        return TaskScopes.par(() -> header(), () -> body(), (header, body) -> header + "\n" + body);
    }
    // @end

    @Test
    void readyMethods() throws Exception {
        assertThat(pages(List.of("a", "b"))).containsExactly("page of a", "page of b");
        ScopedContext.where(USER, "alice").call(() -> {
            assertThat(fastest()).isIn(header(), body());
            assertThat(both()).isEqualTo("Hello alice\nYour orders");
            return null;
        });
    }

    // @start region="scope"
    static String page() throws ExecutionException, InterruptedException {
        try (var scope = TaskScope.open()) {
            Subtask<String> header = scope.fork(() -> header());
            Subtask<String> body = scope.fork(() -> body());
            scope.join(); // throws if one of them fails, and cancels the other
            return header.get() + "\n" + body.get();
        }
    }
    // @end

    @Test
    void scope() throws Exception {
        assertThat(ScopedContext.where(USER, "alice").call(() -> page())).isEqualTo("Hello alice\nYour orders");
    }

    // @start region="joiner-and-timeout"
    static List<String> parts() throws ExecutionException, InterruptedException {
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow(),
                c -> c.withName("page").withTimeout(Duration.ofSeconds(2)))) {
            scope.fork(() -> header());
            scope.fork(() -> body());
            return scope.join();
        }
    }
    // @end

    @Test
    void joinerAndTimeout() throws Exception {
        assertThat(ScopedContext.where(USER, "alice").call(() -> parts())).containsExactly("Hello alice",
                "Your orders");
    }

    @Test
    void theTableOfTimeouts() throws Exception {
        assertThatThrownBy(() -> timedOut(Joiner.<String>allSuccessfulOrThrow()))
                .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(CancelledByTimeoutException.class);
        assertThatThrownBy(() -> timedOut(Joiner.<String>anySuccessfulOrThrow()))
                .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(CancelledByTimeoutException.class);
        assertThatThrownBy(() -> timedOut(Joiner.<String>awaitAllSuccessfulOrThrow()))
                .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(CancelledByTimeoutException.class);
        assertThatThrownBy(() -> timedOut(Joiner.<String>quorum(1)))
                .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(CancelledByTimeoutException.class);
        assertThatThrownBy(() -> timedOut(Joiner.<String>awaitAll())).isInstanceOf(CancelledByTimeoutException.class);
        assertThat(timedOut(Joiner.<String>allUntil(subtask -> false))).hasSize(1)
                .allMatch(subtask -> subtask.state() == Subtask.State.UNAVAILABLE);
        assertThat(timedOut(Joiner.<String>collect()).timedOut()).isTrue();
    }

    private static <R, X extends Throwable> R timedOut(Joiner<String, R, X> joiner) throws X, InterruptedException {
        try (var scope = TaskScope.open(joiner, c -> c.withTimeout(Duration.ofMillis(1)))) {
            scope.fork(() -> {
                new CountDownLatch(1).await();
                return "never";
            });
            return scope.join();
        }
    }

    // @start region="own-exception"
    static List<String> partsUnchecked() throws InterruptedException {
        try (var scope = TaskScope.open(Joiner.<String, IllegalStateException>allSuccessfulOrThrow(
                cause -> new IllegalStateException("There is no page", cause)))) {
            scope.fork(() -> header());
            return scope.join();
        }
    }
    // @end

    @Test
    void ownException() {
        assertThatThrownBy(() -> partsUnchecked()).isInstanceOf(IllegalStateException.class)
                .hasMessage("There is no page");
    }

    // @start region="joiner"
    /** Collects the results of the subtasks that succeed, and gives up at the third failure. */
    static final class Tolerant<T> implements Joiner<T, List<T>, RuntimeException> {

        private final ConcurrentLinkedQueue<T> results = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

        @Override
        public boolean onComplete(Subtask<T> subtask) {
            if (subtask.state() == Subtask.State.SUCCESS) {
                results.add(subtask.get());
            } else {
                failures.add(subtask.exception());
            }
            return failures.size() >= 3; // true cancels the scope
        }

        @Override
        public List<T> result() {
            if (failures.size() >= 3) {
                throw new IllegalStateException("too many failures", failures.peek());
            }
            return List.copyOf(results);
        }

        @Override
        public List<T> timeout() {
            return List.copyOf(results);
        }
    }
    // @end

    @Test
    void joiner() throws Exception {
        try (var scope = TaskScope.open(new Tolerant<String>())) {
            scope.fork(() -> body());
            scope.fork(() -> header());
            assertThat(scope.join()).containsExactly("Your orders");
        }
    }
}
