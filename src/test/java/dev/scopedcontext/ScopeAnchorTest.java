package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.PlainFork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The use of anchors by task scopes (J8 and J9), without threads. */
class ScopeAnchorTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final List<String> events = new ArrayList<>();

    @Test
    void isCurrentUntilSomethingIsBoundAndAgainAfterwards() {
        ScopedContext.where(KEY, "outer").run(() -> {
            ScopeAnchor anchor = ScopedContext.anchor(failure -> {
            });
            assertThat(anchor.isCurrent()).isTrue();
            ScopedContext.where(KEY, "outer").run(() -> assertThat(anchor.isCurrent()).isFalse());
            assertThat(anchor.isCurrent()).isTrue();
            try (Attachment same = ScopedContext.where(KEY, "outer").attach()) {
                assertThat(anchor.isCurrent()).isFalse();
            }
            ScopedContext.capture().run(() -> assertThat(anchor.isCurrent()).isFalse());
            assertThat(anchor.isCurrent()).isTrue();
            anchor.release();
        });
    }

    @Test
    void isCurrentOutsideOfAnyScopeUntilOneIsEntered() {
        ScopeAnchor anchor = ScopedContext.anchor(failure -> events.add("left open"));
        assertThat(anchor.isCurrent()).isTrue();
        ScopedContext.where(KEY, "value").run(() -> assertThat(anchor.isCurrent()).isFalse());
        try (Attachment attachment = ScopedContext.where(KEY, "value").attach()) {
            assertThat(anchor.isCurrent()).isFalse();
        }
        assertThat(anchor.isCurrent()).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void isEndingWhenTheHooksOfWhatWasLeftOpenRun() {
        List<ScopeAnchor> anchors = new ArrayList<>();
        ScopeAnchor[] around = new ScopeAnchor[1];
        Runnable check = () -> events.add(anchors.stream().map(ScopeAnchor::isEnding).toList() + ", around: "
                + around[0].isEnding());
        ScopedContext.where(KEY, "outer").run(() -> {
            around[0] = ScopedContext.anchor(failure -> check.run());
            ScopedContext.where(KEY, "inner").run(() -> {
                anchors.add(ScopedContext.anchor(failure -> check.run()));
                anchors.add(ScopedContext.anchor(failure -> check.run()));
                check.run();
            });
            Attachment attachment = ScopedContext.where(KEY, "attached").attach();
            anchors.set(0, ScopedContext.anchor(failure -> check.run()));
            attachment.close();
        });
        assertThat(events).containsExactly("[false, false], around: false", "[true, true], around: false",
                "[true, true], around: false", "[true, true], around: false", "[true, true], around: true");
    }

    @Test
    void isNotCurrentInsideAnAttachmentThatBindsNothing() {
        Runnable check = () -> {
            ScopeAnchor anchor = ScopedContext.anchor();
            try (Attachment nothing = ScopedContext.without().attach()) {
                assertThat(anchor.isCurrent()).isFalse();
                assertThat(anchor.isCurrentExceptAmbient()).isFalse();
            }
            try (Attachment same = ScopedContext.capture().attach()) {
                assertThat(anchor.isCurrent()).isFalse();
            }
            assertThat(anchor.isCurrent()).isTrue();
        };
        check.run();
        ScopedContext.where(KEY, "value").run(check);
    }

    @Test
    void ambientAttachmentsDoNotCountIfTheyAreNotTo() {
        ContextKey<String> span = ContextKey.<String>builder("span").ambient().build();
        Runnable check = () -> {
            ScopeAnchor before = ScopedContext.anchor();
            try (Attachment ambient = ScopedContext.where(span, "s").attach()) {
                assertThat(before.isCurrent()).isFalse();
                assertThat(before.isCurrentExceptAmbient()).isTrue();
                ScopeAnchor inside = ScopedContext.anchor();
                try (Attachment other = ScopedContext.where(KEY, "value").attach();
                        Attachment nested = ScopedContext.where(span, "t").attach()) {
                    assertThat(before.isCurrentExceptAmbient()).isFalse();
                    assertThat(inside.isCurrentExceptAmbient()).isFalse();
                }
                try (Attachment both = ScopedContext.where(KEY, "value").where(span, "s").attach()) {
                    assertThat(before.isCurrentExceptAmbient()).isFalse();
                }
                ScopedContext.where(span, "u").run(() -> assertThat(before.isCurrentExceptAmbient()).isFalse());
                ambient.close();
                assertThat(inside.isCurrent()).isFalse();
                assertThat(inside.isCurrentExceptAmbient()).isTrue();
            }
        };
        check.run();
        ScopedContext.where(KEY, "outer").run(check);
        try (Attachment around = ScopedContext.where(KEY, "outer").attach()) {
            check.run();
        }
        ScopedContext.where(KEY, "outer").run(() -> PlainFork.forked(() -> {
            check.run();
            return "";
        }));
    }

    @Test
    void withoutAHookItLeavesNothingOnTheStack() {
        ScopedContext.where(KEY, "value").run(() -> {
            ScopeAnchor anchor = ScopedContext.anchor();
            Scope scope = Current.scope();
            assertThat(scope).isNotNull();
            assertThat(scope.pending).isNull();
            anchor.release();
            assertThat(anchor.isCurrent()).isTrue();
        });
    }

    @Test
    void runsItsHookAtTheEndOfTheScopeUnlessReleased() {
        RuntimeException thrown = new RuntimeException("body");
        assertThatThrownBy(() -> ScopedContext.where(KEY, "value").run(() -> {
            ScopeAnchor released = ScopedContext.anchor(failure -> events.add("released"));
            ScopedContext.anchor(failure -> events.add("left open with " + KEY.get() + ", " + failure.getMessage()));
            released.release();
            released.release();
            throw thrown;
        })).isSameAs(thrown);
        assertThat(events).containsExactly("left open with value, body");
    }

    @Test
    void leavesNothingBehindWhenReleasedInAnyOrder() {
        Scope scope = ScopedContext.where(KEY, "value").call(() -> {
            Scope current = Current.scope();
            for (int i = 0; i < 3; i++) {
                ScopeAnchor first = ScopedContext.anchor(failure -> events.add("first"));
                ScopeAnchor second = ScopedContext.anchor(failure -> events.add("second"));
                first.release();
                second.release();
                assertThat(current.pending).isNull();
            }
            return current;
        });
        assertThat(scope.pending).isNull();
        assertThat(events).isEmpty();
    }
}
