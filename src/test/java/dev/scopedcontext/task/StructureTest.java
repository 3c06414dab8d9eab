package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** J8, J9 and the rest of what keeps task scopes in their place. */
@OnEachEngine
class StructureTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final CountDownLatch never = new CountDownLatch(1);

    /** J8. */
    @Test
    void forkingAfterBindingAnewByRunIsRefused() throws Exception {
        ScopedContext.where(KEY, "outer").call(() -> {
            try (var scope = TaskScope.<String>open(c -> c.withName("page"))) {
                ScopedContext.where(KEY, "inner").run(() -> assertRefused(scope));
                ScopedContext.where(KEY, "outer").run(() -> assertRefused(scope));
                ScopedContext.capture().run(() -> assertRefused(scope));
                Subtask<String> subtask = scope.fork(KEY::get);
                scope.join();
                assertThat(subtask.get()).isEqualTo("outer");
            }
            return null;
        });
    }

    /** J8. */
    @Test
    void forkingAfterBindingAnewByAttachIsRefused() throws Exception {
        try (Attachment outer = ScopedContext.where(KEY, "outer").attach();
                var scope = TaskScope.<String>open(c -> c.withName("page"))) {
            try (Attachment inner = ScopedContext.where(KEY, "inner").attach()) {
                assertRefused(scope);
            }
            try (Attachment same = ScopedContext.where(KEY, "outer").attach()) {
                assertRefused(scope);
            }
            Subtask<String> subtask = scope.fork(KEY::get);
            scope.join();
            assertThat(subtask.get()).isEqualTo("outer");
        }
    }

    /** J8. */
    @Test
    void forkingAfterBindingWhereNothingWasBoundIsRefused() throws Exception {
        try (var scope = TaskScope.<String>open(c -> c.withName("page"))) {
            ScopedContext.where(KEY, "value").run(() -> assertRefused(scope));
            try (Attachment attachment = ScopedContext.where(KEY, "value").attach()) {
                assertRefused(scope);
            }
            scope.fork(() -> "still open");
            scope.join();
        }
    }

    private static void assertRefused(TaskScope<String, ?, ?> scope) {
        assertThatThrownBy(() -> scope.fork(KEY::get)).isInstanceOf(StructureViolationException.class)
                .hasMessageStartingWith("fork() was called on TaskScope[page, opened by " + Thread.currentThread())
                .hasMessageContaining("under bindings made after it was opened").hasMessageContaining("Open it inside");
    }

    /** J9. */
    @Test
    void leavingARunWithATaskScopeOpenClosesItAndIsReported() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicReference<TaskScope<Object, ?, ?>> left = new AtomicReference<>();
        assertThatThrownBy(() -> ScopedContext.where(KEY, "value").call(() -> {
            left.set(leaveOpen(thread));
            return null;
        })).isInstanceOf(StructureViolationException.class).hasMessageStartingWith("TaskScope[left, opened by ")
                .hasMessageContaining("was still open when the run, call or attach that it was opened in ended");
        assertThat(thread.get().isAlive()).isFalse();
        assertThatThrownBy(() -> left.get().fork(() -> "late")).hasMessageContaining("which is closed");
        left.get().close();
    }

    /** J9. */
    @Test
    void leavingARunWithATaskScopeOpenIsSuppressedIntoTheBodysOwnException() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        RuntimeException failure = new RuntimeException("body");
        assertThatThrownBy(() -> ScopedContext.where(KEY, "value").call(() -> {
            leaveOpen(thread);
            throw failure;
        })).isSameAs(failure);
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(StructureViolationException.class);
        assertThat(thread.get().isAlive()).isFalse();
    }

    /** J9. */
    @Test
    void closingAnAttachmentWithATaskScopeOpenClosesItAndIsReported() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Attachment attachment = ScopedContext.where(KEY, "value").attach();
        leaveOpen(thread);
        assertThatThrownBy(attachment::close).isInstanceOf(StructureViolationException.class);
        assertThat(thread.get().isAlive()).isFalse();
        assertThat(KEY.isBound()).isFalse();
    }

    /** J9, in a subtask: a task scope that it leaves open ends with it. */
    @Test
    void aSubtaskThatLeavesATaskScopeOpenFails() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (var scope = TaskScope.open(Joiner.<Object>collect())) {
            scope.fork(() -> leaveOpen(thread));
            assertThat(scope.join().failures()).singleElement().isInstanceOf(StructureViolationException.class);
        }
        assertThat(thread.get().isAlive()).isFalse();
    }

    private TaskScope<Object, ?, ?> leaveOpen(AtomicReference<Thread> thread) throws InterruptedException {
        TaskScope<Object, ?, ?> scope = TaskScope.open(c -> c.withName("left"));
        CountDownLatch waiting = new CountDownLatch(1);
        scope.fork(() -> {
            thread.set(Thread.currentThread());
            waiting.countDown();
            never.await();
            return null;
        });
        waiting.await();
        return scope;
    }

    @Test
    void onlyTheOwnerMayForkJoinAndClose() throws Exception {
        String here = Thread.currentThread().toString();
        List<Throwable> refused = new ArrayList<>();
        try (var scope = TaskScope.<String>open(c -> c.withName("page"))) {
            Thread other = new Thread(() -> {
                catchInto(refused, () -> scope.fork(() -> "never"));
                catchInto(refused, scope::join);
                catchInto(refused, scope::close);
            });
            other.start();
            other.join();
            assertThat(refused).hasSize(3).allSatisfy(failure -> assertThat(failure)
                    .isInstanceOf(StructureViolationException.class).hasMessageContaining("only the thread that opened")
                    .hasMessageContaining("() was called on TaskScope[page, opened by " + withoutState(here)));
            Subtask<String> subtask = scope.fork(() -> "fine");
            scope.join();
            assertThat(subtask.get()).isEqualTo("fine");
        }
    }

    /** Returns the description of a thread up to its state, which a virtual one shows. */
    private static String withoutState(String thread) {
        return thread.substring(0, thread.indexOf(']') + 1);
    }

    @Test
    void aSubtaskMayNotForkInTheScopeItRunsIn() throws Exception {
        try (var scope = TaskScope.open(Joiner.<Object>collect())) {
            scope.fork(() -> scope.fork(() -> "never"));
            assertThat(scope.join().failures()).singleElement().isInstanceOf(StructureViolationException.class);
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void catchInto(List<Throwable> failures, Action action) {
        try {
            action.run();
        } catch (Exception failure) {
            failures.add(failure);
        }
    }

    @Test
    void closingAnOuterScopeClosesThoseInside() throws Exception {
        List<String> ended = new ArrayList<>();
        CountDownLatch running = new CountDownLatch(2);
        var outer = TaskScope.open(c -> c.withName("outer"));
        outer.fork(() -> awaitAndTell("outer", running, ended));
        var inner = TaskScope.open(c -> c.withName("inner"));
        inner.fork(() -> awaitAndTell("inner", running, ended));
        running.await();
        assertThatThrownBy(outer::close).isInstanceOf(StructureViolationException.class)
                .hasMessageStartingWith("TaskScope[outer, opened by ").hasMessageContaining("TaskScope[inner, opened")
                .hasMessageContaining("Close the inner one first");
        assertThat(ended).containsExactlyInAnyOrder("inner", "outer");
        inner.close();
        assertThat(inner.isCancelled()).isTrue();
    }

    private Void awaitAndTell(String name, CountDownLatch running, List<String> ended) {
        running.countDown();
        try {
            never.await();
        } catch (InterruptedException e) {
            synchronized (ended) {
                ended.add(name);
            }
        }
        return null;
    }

    @Test
    void closingUnderABindingMadeSinceClosesAndIsReported() throws Exception {
        var scope = TaskScope.open(c -> c.withName("page"));
        ScopedContext.where(KEY, "value").run(() -> assertThatThrownBy(scope::close)
                .isInstanceOf(StructureViolationException.class)
                .hasMessageContaining("was closed under bindings made after it was opened"));
        assertThatThrownBy(scope::join).hasMessageContaining("which is closed");
    }

    @Test
    void scopesNestAndCanBeOpenedOneAfterTheOther() throws Exception {
        try (var outer = TaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
            outer.fork(() -> sumOf(1, 2));
            outer.fork(() -> sumOf(3, 4));
            try (var inner = TaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
                inner.fork(() -> 5);
                assertThat(inner.join()).containsExactly(5);
            }
            outer.fork(() -> 6);
            assertThat(outer.join()).containsExactly(3, 7, 6);
        }
    }

    private static int sumOf(int a, int b) throws Exception {
        try (var scope = TaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
            scope.fork(() -> a);
            scope.fork(() -> b);
            return scope.join().stream().mapToInt(Integer::intValue).sum();
        }
    }

    @Test
    void manyScopesInOneRunLeaveNothingBehind() throws Exception {
        ScopedContext.where(KEY, "value").call(() -> {
            for (int i = 0; i < 1000; i++) {
                try (var scope = TaskScope.open()) {
                    scope.fork(() -> "value");
                    scope.join();
                }
            }
            return null;
        });
    }
}
