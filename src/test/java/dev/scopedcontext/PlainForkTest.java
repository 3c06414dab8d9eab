package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The JDK's own {@code StructuredTaskScope}: the one place where the backend shows, since only a {@code
 * ScopedValue} is inherited by what it forks. It is a preview, so it is reached by reflection; before JDK 25
 * there is none of this shape, and a plain thread stands in for it, which inherits nothing either.
 */
@ExtendWith(CleanThread.class)
public class PlainForkTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    public static final boolean INHERITS = ScopedContext.backend().kind() == BackendReport.Kind.SCOPED_VALUE;

    @Test
    void forkReadsWhatIsBoundWhereTheBackendIsScopedValue() {
        ScopedContext.where(USER, "alice")
                .run(() -> assertThat(forked(() -> USER.orElse("nobody"))).isEqualTo(INHERITS ? "alice" : "nobody"));
    }

    @Test
    void forkReadsWhatIsAttachedInARun() {
        ScopedContext.where(USER, "alice").run(() -> {
            try (Attachment bob = ScopedContext.where(USER, "bob").attach()) {
                assertThat(forked(() -> USER.orElse("nobody"))).isEqualTo(INHERITS ? "bob" : "nobody");
            }
        });
    }

    @Test
    void forkFollowsWhatItsParentAttachesInTheRun() {
        CountDownLatch forked = new CountDownLatch(1);
        CountDownLatch attached = new CountDownLatch(1);
        ScopedContext.where(USER, "alice").run(() -> {
            AtomicReference<Attachment> bob = new AtomicReference<>();
            String seen = forked(() -> {
                forked.countDown();
                attached.await();
                return USER.orElse("nobody");
            }, () -> {
                forked.await();
                bob.set(ScopedContext.where(USER, "bob").attach());
                attached.countDown();
                return null;
            });
            assertThat(seen).isEqualTo(INHERITS ? "bob" : "nobody");
            bob.get().close();
        });
    }

    @Test
    void forkDoesNotReadWhatIsAttachedWithNoRunAround() {
        try (Attachment alice = ScopedContext.where(USER, "alice").attach()) {
            assertThat(forked(() -> USER.orElse("nobody"))).isEqualTo("nobody");
        }
    }

    @Test // J11
    void forkBindsForItself() {
        ScopedContext.where(USER, "alice").run(() -> {
            assertThat(forked(() -> ScopedContext.where(USER, "bob").call(() -> {
                ScopedContext.onExit(failure -> assertThat(USER.get()).isEqualTo("bob"));
                try (Attachment carol = ScopedContext.where(USER, "carol").attach()) {
                    return USER.get();
                }
            }))).isEqualTo("carol");
            assertThat(USER.get()).isEqualTo("alice");
        });
    }

    @Test
    void forkMayNeitherAttachToNorHookIntoAScopeThatItInherits() {
        Thread parent = Thread.currentThread();
        ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.onExit(failure -> assertThat(USER.get()).isEqualTo("alice"));
            forked(() -> {
                assertThatThrownBy(() -> ScopedContext.onExit(failure -> {
                })).isInstanceOf(IllegalStateException.class).hasMessageContaining(INHERITS
                        ? "is inherited from " + parent + ", which forked it"
                        : "outside of any scope");
                if (INHERITS) {
                    assertThatThrownBy(() -> ScopedContext.where(USER, "bob").attach())
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("attach() needs a scope of " + Thread.currentThread() + " itself")
                            .hasMessageContaining("Call it inside a run or call on this thread");
                }
                return "refused";
            });
            assertThat(USER.get()).isEqualTo("alice");
        });
    }

    /** Returns what a task returns that is forked and joined. */
    public static <T> T forked(Callable<T> task) {
        return forked(task, () -> null);
    }

    /** Forks a task, goes on, and joins it. */
    private static <T> T forked(Callable<T> task, Callable<?> meanwhile) {
        try {
            return Runtime.version().feature() >= 25
                    ? forkedByTheJdk(task, meanwhile)
                    : onPlainThread(task, meanwhile);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static <T> T onPlainThread(Callable<T> task, Callable<?> meanwhile) throws Exception {
        FutureTask<T> result = new FutureTask<>(task);
        new Thread(result).start();
        meanwhile.call();
        return result.get();
    }

    @SuppressWarnings("unchecked")
    private static <T> T forkedByTheJdk(Callable<T> task, Callable<?> meanwhile) throws Exception {
        Class<?> type = Class.forName("java.util.concurrent.StructuredTaskScope");
        Class<?> subtaskType = Class.forName("java.util.concurrent.StructuredTaskScope$Subtask");
        Method get = subtaskType.getMethod("get");
        try (AutoCloseable scope = (AutoCloseable) type.getMethod("open").invoke(null)) {
            Object subtask = type.getMethod("fork", Callable.class).invoke(scope, task);
            meanwhile.call();
            type.getMethod("join").invoke(scope);
            return (T) get.invoke(subtask);
        }
    }
}
