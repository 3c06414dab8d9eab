package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The one place where the backend shows: only a {@code ScopedValue} is inherited by what the JDK itself forks. */
@ExtendWith(CleanThread.class)
class PlainForkTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    @Test
    void forkReadsWhatIsBoundWhereTheBackendIsScopedValue() {
        ScopedContext.where(USER, "alice")
                .run(() -> assertThat(PlainFork.forked(() -> USER.orElse("nobody")))
                        .isEqualTo(PlainFork.INHERITS ? "alice" : "nobody"));
    }

    @Test
    void forkReadsWhatIsAttachedInARun() {
        ScopedContext.where(USER, "alice").run(() -> {
            try (Attachment bob = ScopedContext.where(USER, "bob").attach()) {
                assertThat(PlainFork.forked(() -> USER.orElse("nobody")))
                        .isEqualTo(PlainFork.INHERITS ? "bob" : "nobody");
            }
        });
    }

    @Test
    void forkFollowsWhatItsParentAttachesInTheRun() {
        CountDownLatch forked = new CountDownLatch(1);
        CountDownLatch attached = new CountDownLatch(1);
        ScopedContext.where(USER, "alice").run(() -> {
            AtomicReference<Attachment> bob = new AtomicReference<>();
            String seen = PlainFork.forked(() -> {
                forked.countDown();
                attached.await();
                return USER.orElse("nobody");
            }, () -> {
                forked.await();
                bob.set(ScopedContext.where(USER, "bob").attach());
                attached.countDown();
                return null;
            });
            assertThat(seen).isEqualTo(PlainFork.INHERITS ? "bob" : "nobody");
            bob.get().close();
        });
    }

    @Test
    void forkDoesNotReadWhatIsAttachedWithNoRunAround() {
        try (Attachment alice = ScopedContext.where(USER, "alice").attach()) {
            assertThat(PlainFork.forked(() -> USER.orElse("nobody"))).isEqualTo("nobody");
        }
    }

    @Test // J11
    void forkBindsForItself() {
        ScopedContext.where(USER, "alice").run(() -> {
            assertThat(PlainFork.forked(() -> ScopedContext.where(USER, "bob").call(() -> {
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
            PlainFork.forked(() -> {
                assertThatThrownBy(() -> ScopedContext.onExit(failure -> {
                })).isInstanceOf(IllegalStateException.class).hasMessageContaining(PlainFork.INHERITS
                        ? "is inherited from " + parent + ", which forked it"
                        : "outside of any scope");
                if (PlainFork.INHERITS) {
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
}
