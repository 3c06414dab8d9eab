package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An open scope on a thread that has bound nothing before. For the JDK, that differs from a thread whose bindings have
 * all ended, and a stack overflow changes it once more.
 */
@OnEachEngine
class FreshThreadTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    @SuppressWarnings("InfiniteRecursion")
    private static int deep(int n) {
        return deep(n + 1) + 1;
    }

    private static void overflow() {
        try {
            deep(0);
        } catch (StackOverflowError caught) {
            return;
        }
        throw new AssertionError("no overflow");
    }

    /** Forks before and after something happens inside an open scope, on new threads of each kind. */
    private static void forksAround(OnThread.Body event) throws Exception {
        OnThread.run(() -> {
            try (var page = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                page.fork(() -> "before");
                event.run();
                page.fork(() -> "after");
                assertThat(page.join()).containsExactly("before", "after");
            }
            event.run();
            try (var empty = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                event.run();
                assertThat(empty.join()).isEmpty();
            }
        });
    }

    @Test
    void nestedScopeWithATimeout() throws Exception {
        forksAround(() -> {
            try (var price = TaskScope.<String>open(c -> c.withTimeout(Duration.ofHours(1)))) {
                price.fork(() -> "price");
                price.join();
            }
        });
    }

    @Test
    void runThatIsOver() throws Exception {
        forksAround(() -> ScopedContext.where(KEY, "value").run(() -> assertThat(KEY.get()).isEqualTo("value")));
    }

    @Test
    void attachmentThatIsClosed() throws Exception {
        forksAround(() -> ScopedContext.where(KEY, "value").attach().close());
    }

    @Test
    void runThatFails() throws Exception {
        forksAround(() -> {
            try {
                ScopedContext.where(KEY, "value").run(() -> {
                    throw new IllegalStateException("caught");
                });
            } catch (IllegalStateException caught) {
                assertThat(caught).hasMessage("caught");
            }
        });
    }

    @Test
    void overflowOfTheStack() throws Exception {
        forksAround(FreshThreadTest::overflow);
    }

    @Test
    void overflowOfTheStackUnderBindings() throws Exception {
        OnThread.run(() -> ScopedContext.where(KEY, "value").<Void, Exception>call(() -> {
            try (var page = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                page.fork(KEY::get);
                overflow();
                page.fork(KEY::get);
                assertThat(page.join()).containsExactly("value", "value");
            }
            overflow();
            return null;
        }));
    }

    @Test
    void overflowOfTheStackBeforeTheScopeIsClosed() throws Exception {
        OnThread.run(() -> {
            try (var page = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                page.fork(() -> "a");
                page.join();
                overflow();
            }
        });
    }

    @Test
    @Tag("jdk25")
    void scopedValueOfTheUserThatIsBoundNoMore() throws Exception {
        PlainScopedValue users = new PlainScopedValue();
        forksAround(() -> users.bind("value", () -> assertThat(users.seen()).isEqualTo("value")));
    }

    @Test
    @Tag("jdk25")
    void overflowOfTheStackUnderAScopedValueOfTheUser() throws Exception {
        PlainScopedValue users = new PlainScopedValue();
        OnThread.run(() -> users.bind("value", () -> {
            try (var page = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                page.fork(users::seen);
                overflow();
                page.fork(users::seen);
                boolean inherits = TaskScope.engine().kind() == EngineReport.Kind.JDK;
                assertThat(page.join()).hasSize(2).allMatch((inherits ? "value" : "nothing")::equals);
            }
        }));
    }
}
