package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Scopes that end together are all cancelled before the first of them is waited for. In each test, the subtask of the
 * inner scope ends only after that of the outer one was interrupted.
 */
@OnEachEngine
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("CheckReturnValue") // the point is the call
class CancelThenWaitTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final CountDownLatch begun = new CountDownLatch(2);
    private final CountDownLatch outerHeard = new CountDownLatch(1);

    private TaskScope<Object, ?, ?> open(String name, Callable<?> task) throws Exception {
        TaskScope<Object, ?, ?> scope = TaskScope.open(c -> c.withName(name));
        scope.fork(task);
        return scope;
    }

    private Object tellsWhenInterrupted() {
        begun.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException cancelled) {
            outerHeard.countDown();
        }
        return "outer";
    }

    private Object waitsForTheOuter() {
        begun.countDown();
        boolean heard = false;
        while (!heard) {
            try {
                outerHeard.await();
                heard = true;
            } catch (InterruptedException cancelled) {
                heard = outerHeard.getCount() == 0;
            }
        }
        return "inner";
    }

    private void openBoth() throws Exception {
        open("outer", this::tellsWhenInterrupted);
        open("inner", this::waitsForTheOuter);
        begun.await();
    }

    @Test
    void whenTheOuterIsClosedFirst() throws Exception {
        TaskScope<Object, ?, ?> outer = open("outer", this::tellsWhenInterrupted);
        open("inner", this::waitsForTheOuter);
        begun.await();
        assertThatThrownBy(outer::close).isInstanceOf(StructureViolationException.class)
                .hasMessageContaining("was closed before TaskScope[inner");
    }

    @Test
    void whenTheRunEndsInWhichBothWereOpened() {
        assertThatThrownBy(() -> ScopedContext.where(KEY, "value").<Void, Exception>call(() -> {
            openBoth();
            return null;
        })).isInstanceOf(StructureViolationException.class).hasMessageStartingWith("TaskScope[inner")
                .satisfies(failure -> assertThat(failure.getSuppressed()).singleElement()
                        .satisfies(next -> assertThat(next).hasMessageStartingWith("TaskScope[outer")));
    }

    @Test
    void whenTheAttachmentIsClosedInWhichBothWereOpened() throws Exception {
        Attachment attachment = ScopedContext.where(KEY, "value").attach();
        openBoth();
        assertThatThrownBy(attachment::close).isInstanceOf(StructureViolationException.class);
    }

    @Test
    void whenTheRunEndsWithAnAttachmentBetweenThem() {
        assertThatThrownBy(() -> ScopedContext.where(KEY, "value").<Void, Exception>call(() -> {
            open("outer", this::tellsWhenInterrupted);
            ScopedContext.where(KEY, "between").attach();
            open("inner", this::waitsForTheOuter);
            begun.await();
            return null;
        })).isInstanceOf(StructureViolationException.class);
    }

    @Test
    void onlyThoseThatEnd() throws Exception {
        try (var around = TaskScope.<String>open()) {
            assertThatThrownBy(() -> ScopedContext.where(KEY, "value").<Void, Exception>call(() -> {
                openBoth();
                return null;
            })).isInstanceOf(StructureViolationException.class);
            assertThat(around.isCancelled()).isFalse();
            Subtask<String> subtask = around.fork(() -> "fine");
            around.join();
            assertThat(subtask.get()).isEqualTo("fine");
        }
    }

    @Test
    void notTheScopeAroundAnAttachmentThatIsClosed() throws Exception {
        ScopedContext.where(KEY, "value").<Void, Exception>call(() -> {
            try (var around = TaskScope.<String>open()) {
                Attachment attachment = ScopedContext.where(KEY, "inside").attach();
                openBoth();
                assertThatThrownBy(attachment::close).isInstanceOf(StructureViolationException.class);
                assertThat(around.isCancelled()).isFalse();
            }
            return null;
        });
    }
}
