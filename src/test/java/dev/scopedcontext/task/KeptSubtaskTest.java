package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Garbage;
import dev.scopedcontext.support.OnThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A subtask that is kept after its scope is closed, or that scope itself, holds nothing of the request around it. */
@OnEachEngine
class KeptSubtaskTest {

    private static final ContextKey<Object> REQUEST = ContextKey.named("request");

    /** What a test keeps, and what may not be kept with it. */
    private final List<Object> kept = new ArrayList<>();
    private final Garbage garbage = new Garbage();

    /** Keeps nothing, but is itself something that could be kept; cancels its scope at a fork. */
    private static final class Policy implements Joiner<Object, String, RuntimeException> {

        private int forksLeft;

        Policy(int forks) {
            this.forksLeft = forks;
        }

        @Override
        public boolean onFork(Subtask<Object> subtask) {
            return forksLeft-- == 0;
        }

        @Override
        public String result() {
            return "joined";
        }

        @Override
        public String timeout() {
            return "timed out";
        }
    }

    /** Runs a body as a request: in a context, with a joiner, on a thread that only the body holds. */
    private void asRequest(UnaryOperator<TaskScope.Configuration> configuration, Use use) throws Exception {
        for (ThreadFactory kind : OnThread.kinds()) {
            OnThread.call(task -> garbage.add("owner", kind.newThread(task)), request(configuration, use));
            garbage.assertCollected();
        }
    }

    private Callable<Object> request(UnaryOperator<TaskScope.Configuration> configuration, Use use) {
        return garbage.add("body of the owner", () -> {
            Object request = garbage.add("request", new Object());
            return ScopedContext.where(REQUEST, request).<Object, Exception>call(() -> {
                Policy policy = garbage.add("joiner", new Policy(3));
                try (var scope = TaskScope.open(policy, configuration)) {
                    use.of(scope);
                }
                return "done";
            });
        });
    }

    private Callable<Object> task(Object result) {
        Object held = garbage.add("held by a task", new Object());
        return garbage.add("task", () -> {
            assertThat(held).isNotNull();
            assertThat(REQUEST.isBound()).isTrue();
            return result;
        });
    }

    @Test
    void subtaskHoldsItsOutcomeAlone() throws Exception {
        asRequest(c -> c.withName("page"), scope -> {
            kept.add(scope.fork(task("value")));
            Subtask<Object> other = garbage.add("another subtask",
                    scope.fork(task(garbage.add("another result", new Object()))));
            scope.join();
            assertThat(other.get()).isNotNull();
        });
        assertThat(kept).allSatisfy(one -> {
            Subtask<?> subtask = (Subtask<?>) one;
            assertThat(subtask.get()).isEqualTo("value");
            assertThat(subtask.toString()).startsWith("Subtask[SUCCESS in TaskScope[page, opened by Thread[#");
            assertThatThrownBy(subtask::exception).isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Subtask[SUCCESS in TaskScope[page, opened by Thread[#")
                    .hasMessageEndingWith("] has no exception: it succeeded");
        });
    }

    @Test
    void failedSubtaskHoldsItsFailureAlone() throws Exception {
        IllegalStateException failure = new IllegalStateException("failure");
        asRequest(c -> c, scope -> {
            Object held = garbage.add("held by the task that fails", new Object());
            kept.add(scope.fork(() -> {
                assertThat(held).isNotNull();
                throw failure;
            }));
            scope.join();
        });
        assertThat(kept).allSatisfy(one -> assertThat(((Subtask<?>) one).exception()).isSameAs(failure));
    }

    @Test
    void subtasksThatWaitedInVainHoldNothing() throws Exception {
        asRequest(c -> c.withMaxConcurrency(1), scope -> {
            CountDownLatch never = new CountDownLatch(1);
            kept.add(scope.fork(() -> {
                never.await();
                return "never";
            }));
            kept.add(scope.fork(task("never")));
            kept.add(scope.fork(task("never")));
            kept.add(scope.fork(task("forked as the scope is cancelled")));
            kept.add(scope.fork(task("forked after that")));
            scope.join();
        });
        assertThat(kept).allSatisfy(
                one -> assertThat(((Subtask<?>) one).state()).isEqualTo(Subtask.State.UNAVAILABLE));
    }

    @Test
    void subtasksOfAThreadFactoryHoldNoThread() throws Exception {
        asRequest(c -> c.withThreadFactory(task -> garbage.add("thread", new Thread(task, "page-1"))), scope -> {
            kept.add(scope.fork(task("value")));
            scope.join();
        });
    }

    /** A factory may keep what it was to run, and run it when the scope and its context have gone. */
    @Test
    void subtaskThatIsRunAfterTheCloseDoesNothing() throws Exception {
        List<Runnable> notRun = new ArrayList<>();
        AtomicInteger ran = new AtomicInteger();
        asRequest(c -> c.withThreadFactory(task -> {
            notRun.add(task);
            return new Thread(() -> ran.addAndGet(0));
        }), scope -> {
            kept.add(scope.fork(ran::incrementAndGet));
            scope.join();
        });
        notRun.forEach(Runnable::run);
        assertThat(ran).hasValue(0);
        assertThat(notRun).isNotEmpty();
    }

    @Test
    void subtaskThatAJoinerRefusesHoldsNothing() throws Exception {
        Joiner<Object, String, RuntimeException> refuses = new Joiner<>() {
            @Override
            public boolean onFork(Subtask<Object> subtask) {
                kept.add(subtask);
                throw new IllegalStateException("refused");
            }

            @Override
            public String result() {
                return "result";
            }

            @Override
            public String timeout() {
                return "timeout";
            }
        };
        inRequest(() -> {
            try (var scope = TaskScope.open(refuses)) {
                Callable<Object> task = task("never");
                assertThatThrownBy(() -> scope.fork(task)).hasMessage("refused");
            }
        });
        garbage.assertCollected();
        assertThat(kept).hasSize(1);
    }

    @Test
    void subtasksOfAScopeThatTimedOutHoldNothing() throws Exception {
        asRequest(c -> c.withTimeout(Duration.ZERO), scope -> {
            kept.add(scope.fork(task("never")));
            assertThat(scope.join()).isEqualTo("timed out");
        });
    }

    /** Its owner is not held, but known. */
    @Test
    void closedScopeHoldsNothing() throws Exception {
        asRequest(c -> c.withName("page").withTimeout(Duration.ofDays(1)), scope -> {
            garbage.add("subtask", scope.fork(task(garbage.add("value", new Object()))));
            scope.join();
            kept.add(scope);
            scope.close();
            scope.close();
            assertThatThrownBy(scope::join).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("join() was called on TaskScope[page, opened by Thread[#"
                            + Thread.currentThread().getId() + ",")
                    .hasMessageContaining("which is closed");
        });
        assertThat(kept).allSatisfy(scope -> assertThatThrownBy(((TaskScope<?, ?, ?>) scope)::close)
                .isInstanceOf(StructureViolationException.class)
                .hasMessageStartingWith("close() was called on TaskScope[page, opened by Thread[#"));
    }

    @Test
    void scopesThatAreLeftOpenHoldNothing() throws Exception {
        assertThatThrownBy(() -> inRequest(this::leaveOpen)).isInstanceOf(StructureViolationException.class)
                .hasMessageContaining("was still open when the run, call or attach");
        garbage.assertCollected();
        assertThat(kept).hasSize(3);
    }

    @Test
    void scopesThatAreClosedWithTheOneAroundThemHoldNothing() throws Exception {
        inRequest(() -> assertThatThrownBy(leaveOpen()::close).isInstanceOf(StructureViolationException.class)
                .hasMessageContaining("was closed before"));
        garbage.assertCollected();
        assertThat(kept).hasSize(3);
    }

    private void inRequest(Runnable body) {
        ScopedContext.where(REQUEST, garbage.add("request", new Object())).run(body);
    }

    private TaskScope<Object, ?, ?> leaveOpen() {
        TaskScope<Object, ?, ?> outer = TaskScope.open(garbage.add("joiner", new Policy(3)));
        TaskScope<Object, ?, ?> inner = TaskScope.open(garbage.add("inner joiner", new Policy(3)));
        kept.addAll(List.of(outer, inner, inner.fork(task("value"))));
        return outer;
    }

    /** What uses a scope. */
    private interface Use {

        void of(TaskScope<Object, String, RuntimeException> scope) throws Exception;
    }
}
