package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.internal.WarningLimit;
import dev.scopedcontext.support.LogLines;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** X3b: closing an attachment on its own thread restores the previous bindings, in any order of closing. */
@ExtendWith(CleanThread.class)
class AttachOrderTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    private final List<String> told = new ArrayList<>();
    private final LogLines log = LogLines.capture();

    @BeforeEach
    @AfterEach
    void nothingIsBound() {
        assertThat(USER.isBound()).isFalse();
        assertThat(TENANT.isBound()).isFalse();
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    private static Attachment attach(String user) {
        return ScopedContext.where(USER, user).attach();
    }

    private void tell(String name) {
        ScopedContext.onExit(failure -> told.add(name + " " + USER.orElse("nobody") + " " + failure));
    }

    @Test
    void attachmentsAboveAreDroppedWithTheirHooksToldAndOneWarningNamesBoth() {
        Attachment outer = ScopedContext.where(TENANT, "acme").attach();
        tell("outer");
        Attachment middle = attach("alice");
        tell("middle");
        Attachment inner = attach("bob");
        tell("inner");
        outer.close();
        nothingIsBound();
        assertThat(told).containsExactly("inner bob null", "middle alice null", "outer nobody null");
        assertThat(log.messages()).singleElement().asString().startsWith(
                "Attachment[tenant] was closed while Attachment[user], attached after it, was still open. Both are"
                        + " closed, and the previous bindings are restored. Close attachments in reverse order,"
                        + " preferably with try");
        middle.close();
        inner.close();
        outer.close();
        assertThat(told).hasSize(3);
        assertThat(log.messages()).hasSize(1);
    }

    @Test
    void insideARunTheBindingsBeforeAreRestored() {
        ScopedContext.where(USER, "alice").run(() -> {
            Attachment outer = attach("bob");
            Attachment inner = attach("carol");
            outer.close();
            assertThat(USER.get()).isEqualTo("alice");
            try (Attachment later = attach("dave")) {
                inner.close();
                assertThat(USER.get()).isEqualTo("dave");
            }
            assertThat(USER.get()).isEqualTo("alice");
        });
        assertThat(log.messages()).hasSize(1);
    }

    @Test
    void closingADroppedAttachmentWhenOthersWereAttachedSinceChangesNothing() {
        Attachment outer = attach("alice");
        Attachment dropped = attach("bob");
        outer.close();
        Attachment next = attach("carol");
        Attachment above = attach("dave");
        dropped.close();
        outer.close();
        assertThat(USER.get()).isEqualTo("dave");
        above.close();
        assertThat(USER.get()).isEqualTo("carol");
        next.close();
    }

    @Test
    void everyOrderOfClosingEndsClean() {
        for (int order = 0; order < 24; order++) {
            Attachment[] attachments = {attach("a"), attach("b"), attach("c"), attach("d")};
            List<Integer> left = new ArrayList<>(List.of(0, 1, 2, 3));
            int lowest = 4;
            for (int n = 4, rest = order; n > 0; rest /= n, n--) {
                int index = rest % n;
                int closed = left.get(index);
                left.subList(index, index + 1).clear();
                attachments[closed].close();
                lowest = Math.min(lowest, closed);
                assertThat(USER.orElse("-")).isEqualTo(lowest == 0 ? "-" : "abcd".substring(lowest - 1, lowest));
            }
            assertThat(Current.scope()).isNull();
        }
    }

    @Test
    void aHookMayCloseTheAttachmentAroundItsOwn() {
        ScopedContext.where(TENANT, "acme").run(() -> {
            tell("run");
            Attachment outer = attach("alice");
            tell("outer");
            Attachment inner = attach("bob");
            tell("inner");
            ScopedContext.onExit(failure -> outer.close());
            inner.close();
            assertThat(USER.isBound()).isFalse();
            assertThat(TENANT.get()).isEqualTo("acme");
            assertThat(told).containsExactly("inner bob null", "outer alice null");
            inner.close();
            outer.close();
        });
        assertThat(told).last().isEqualTo("run nobody null");
        assertThat(log.messages()).singleElement().asString().contains("was closed while Attachment[user]");
    }

    @Test
    void aHookThatAttachesAndForgetsLeavesNothing() {
        Attachment outer = attach("alice");
        ScopedContext.onExit(failure -> attach("forgotten"));
        outer.close();
        assertThat(log.messages()).hasSize(1);
    }

    @Test
    void failuresOfDroppedHooksAreThrownWhenEverythingIsPutBack() {
        IllegalStateException first = new IllegalStateException("inner");
        IllegalStateException second = new IllegalStateException("outer");
        Attachment outer = attach("alice");
        ScopedContext.onExit(failure -> {
            throw second;
        });
        attach("bob");
        ScopedContext.onExit(failure -> {
            throw first;
        });
        assertThatThrownBy(outer::close).isSameAs(first).hasSuppressedException(second);
        nothingIsBound();
    }

    @Test
    void theOutermostAttachmentDropsEverythingInsideAsARunDoes() {
        @Nullable
        ScopeAnchor[] anchor = new ScopeAnchor[1];
        Attachment outer = attach("alice");
        anchor[0] = ScopedContext.anchor(failure -> told.add("left open"));
        attach("bob");
        outer.close();
        assertThat(told).containsExactly("left open");
        assertThat(anchor[0].isCurrent()).isFalse();
        assertThat(Current.scope()).isNull();
    }

    @Test
    void warningsAreLimited() {
        for (int i = 0; i < 1_000; i++) {
            Attachment outer = attach("alice");
            attach("bob");
            outer.close();
        }
        assertThat(log.messages()).hasSize(WarningLimit.AT_ONCE);
    }
}
