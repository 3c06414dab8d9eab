package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.internal.Failures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hooks that are registered with {@code onExit}. */
@ExtendWith(CleanThread.class)
class ExitHookTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final Bindings ALICE = ScopedContext.where(USER, "alice");
    private final IllegalStateException body = new IllegalStateException("body");

    private final List<Object> log = new ArrayList<>();

    private void logs(Object what) {
        ScopedContext.onExit(failure -> log.add(what));
    }

    @Test
    void hooksRunInReverseOrderWhileValuesResolve() {
        ALICE.run(() -> {
            logs("first");
            ScopedContext.onExit(failure -> log.add(USER.get()));
            logs("last");
            log.add("body");
        });
        assertThat(log).containsExactly("body", "last", "alice", "first");
    }

    @Test
    void hookBelongsToTheInnermostScope() {
        ALICE.run(() -> {
            logs("outer");
            ScopedContext.where(USER, "bob").run(() -> logs("inner"));
            log.add("between");
        });
        assertThat(log).containsExactly("inner", "between", "outer");
    }

    @Test
    void callAttachAndSnapshotsRunHooksToo() {
        assertThat(ALICE.<String, RuntimeException>call(() -> {
            logs("call");
            return "result";
        })).isEqualTo("result");
        ContextSnapshot.empty().run(() -> logs("snapshot"));
        try (Attachment alice = ALICE.attach()) {
            ScopedContext.onExit(failure -> log.add(USER.get()));
        }
        assertThat(log).containsExactly("call", "snapshot", "alice");
    }

    @Test
    void hookOfAnAttachmentInsideARunRunsAtItsClose() {
        ALICE.run(() -> {
            logs("run");
            try (Attachment bob = ScopedContext.where(USER, "bob").attach()) {
                ScopedContext.onExit(failure -> log.add(USER.get()));
            }
            log.add(USER.get());
        });
        assertThat(log).containsExactly("bob", "alice", "run");
    }

    @Test // X4
    void hookGetsTheUnhandledFailure() {
        assertThatThrownBy(() -> ALICE.run(() -> {
            ScopedContext.onExit(log::add);
            throw body;
        })).isSameAs(body);
        assertThat(log).containsExactly(body);
    }

    @Test // X4
    void hookGetsNullWhenTheBodyHandledItsFailure() {
        List<@Nullable Object> seen = new ArrayList<>();
        ALICE.run(() -> {
            ScopedContext.onExit(seen::add);
            try {
                throw new IllegalStateException("handled");
            } catch (IllegalStateException handled) {
                log.add("handled");
            }
        });
        assertThat(log).containsExactly("handled");
        assertThat(seen).containsExactly((Object) null);
    }

    @Test // X5
    void allHooksRunAndLaterFailuresAreSuppressedIntoTheFirst() {
        IllegalStateException first = new IllegalStateException("first");
        AssertionError second = new AssertionError("second");
        assertThatThrownBy(() -> ALICE.run(() -> {
            logs("kept");
            fails(second);
            ScopedContext.onExit(log::add);
            fails(first);
        })).isSameAs(first).satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(second));
        assertThat(log).containsExactly(first, "kept");
    }

    @Test // X5
    void failuresOfHooksAreSuppressedIntoTheBodys() {
        IllegalStateException hook = new IllegalStateException("hook");
        assertThatThrownBy(() -> ALICE.run(() -> {
            fails(hook);
            throw body;
        })).isSameAs(body).satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(hook));
    }

    @Test
    void hookMayThrowTheVeryFailureThatItGot() {
        assertThatThrownBy(() -> ALICE.run(() -> {
            fails(body);
            throw body;
        })).isSameAs(body).hasNoSuppressedExceptions();
    }

    @Test
    void failingHookOfAnAttachmentLeavesTheFormerBindings() {
        IllegalStateException hook = new IllegalStateException("hook");
        ALICE.run(() -> {
            Attachment bob = ScopedContext.where(USER, "bob").attach();
            fails(hook);
            assertThatThrownBy(bob::close).isSameAs(hook);
            assertThat(USER.get()).isEqualTo("alice");
            bob.close();
        });
    }

    @Test
    void hookMayBindAttachAndRegister() {
        ALICE.run(() -> ScopedContext.onExit(failure -> {
            logs("registered by a hook");
            ScopedContext.where(USER, "bob").run(() -> log.add(USER.get()));
            try (Attachment carol = ScopedContext.where(USER, "carol").attach()) {
                log.add(USER.get());
            }
            log.add(USER.get());
        }));
        assertThat(log).containsExactly("bob", "carol", "alice", "registered by a hook");
    }

    @Test
    void hookOutsideOfAnyScopeIsRefused() {
        assertThatThrownBy(() -> logs("never")).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("onExit(hook) was called on " + Thread.currentThread())
                .hasMessageContaining("outside of any scope")
                .hasMessageContaining("call it inside ScopedContext.where(...).run(...)");
    }

    private static void fails(Throwable failure) {
        ScopedContext.onExit(ignored -> Failures.throwIfAny(failure));
    }
}
