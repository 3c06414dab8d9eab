package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.PlainFork;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The only visible difference between backends: forks of the JDK inherit a {@code ScopedValue} only. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("CheckReturnValue") // only the call matters
class PlainForkTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

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
    void forkMayNotHookIntoAScopeThatItInherits() {
        Thread parent = Thread.currentThread();
        ScopedContext.where(USER, "alice").run(() -> {
            ScopedContext.onExit(failure -> assertThat(USER.get()).isEqualTo("alice"));
            PlainFork.forked(() -> {
                assertThatThrownBy(() -> ScopedContext.onExit(failure -> {
                })).isInstanceOf(IllegalStateException.class).hasMessageContaining(PlainFork.INHERITS
                        ? "is inherited from " + parent + ", which forked this thread with the JDK's own"
                        : "outside of any scope");
                return "refused";
            });
            assertThat(USER.get()).isEqualTo("alice");
        });
    }

    @Test
    void forkAttachesInAPlaceOfItsOwn() {
        ScopedContext.where(USER, "alice").run(() -> {
            PlainFork.forked(() -> {
                List<String> told = new ArrayList<>();
                String inherited = USER.orElse("nobody");
                try (Attachment bob = ScopedContext.where(USER, "bob").attach()) {
                    assertThat(USER.get()).isEqualTo("bob");
                    ScopedContext.onExit(failure -> told.add(USER.get()));
                    assertThat(ScopedContext.capture().get(USER)).isEqualTo("bob");
                    try (Attachment empty = ContextSnapshot.empty().attach()) {
                        assertThat(USER.isBound()).isFalse();
                    }
                    ScopedContext.where(TENANT, "acme").run(() -> {
                        assertThat(USER.get() + "@" + TENANT.get()).isEqualTo("bob@acme");
                        try (Attachment carol = ScopedContext.where(USER, "carol").attach()) {
                            assertThat(USER.get()).isEqualTo("carol");
                        }
                        assertThat(USER.get()).isEqualTo("bob");
                    });
                    assertThat(USER.get()).isEqualTo("bob");
                }
                assertThat(told).containsExactly("bob");
                assertThat(USER.orElse("nobody")).isEqualTo(inherited);
                assertThat(CleanThread.cell()).isNull();
                return "";
            });
            assertThat(USER.get()).isEqualTo("alice");
            try (Attachment dave = ScopedContext.where(USER, "dave").attach()) {
                assertThat(USER.get()).isEqualTo("dave");
            }
        });
    }

    @Test
    void forksThatAttachDoNotSeeEachOther() {
        ScopedContext.where(USER, "alice").run(() -> {
            for (String user : List.of("bob", "carol")) {
                String seen = PlainFork.forked(() -> {
                    String before = USER.orElse("nobody");
                    ScopedContext.where(USER, user).attach(); // left open, since it ends with the thread
                    return before + " " + USER.get();
                });
                assertThat(seen).isEqualTo((PlainFork.INHERITS ? "alice " : "nobody ") + user);
                assertThat(USER.get()).isEqualTo("alice");
            }
        });
    }

    @Test
    void forkOfAForkThatHasAttachedInheritsFromTheRun() {
        ScopedContext.where(USER, "alice").run(() -> assertThat(PlainFork.forked(() -> {
            try (Attachment bob = ScopedContext.where(USER, "bob").attach()) {
                return PlainFork.forked(() -> USER.orElse("nobody")) + " " + USER.get();
            }
        })).isEqualTo(PlainFork.INHERITS ? "alice bob" : "nobody bob"));
    }

    @Test
    void closingElsewhereOrInsideALaterRunOfTheForkIsRefused() {
        ScopedContext.where(USER, "alice").run(() -> PlainFork.forked(() -> {
            try (Attachment bob = ScopedContext.where(USER, "bob").attach()) {
                ScopedContext.where(TENANT, "acme").run(() -> assertThatThrownBy(bob::close)
                        .hasMessageContaining("cannot be closed inside a run or call that began after it"));
                assertThat(USER.get()).isEqualTo("bob");
            }
            return "";
        }));
    }
}
