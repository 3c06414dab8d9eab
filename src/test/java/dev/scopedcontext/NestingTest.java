package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.LogLines;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys whose inner value does not just replace the outer one. */
class NestingTest {

    private static final List<String> SHOWN = new ArrayList<>();
    private static final ContextKey<String> PATH = ContextKey.<String>builder("path")
            .nesting((around, added) -> around + "/" + added).mirror(new KeyMirror<>() {
                @Override
                public Runnable show(String value) {
                    SHOWN.add(value);
                    return () -> {
                    };
                }

                @Override
                public Runnable hide() {
                    return () -> {
                    };
                }
            }).build();

    @Test
    void bindsWhatTheKeyMakesOfTheOuterAndTheInnerValue() {
        SHOWN.clear();
        ScopedContext.where(PATH, "a").run(() -> {
            assertThat(PATH.get()).isEqualTo("a");
            ScopedContext.where(PATH, "b").run(() -> assertThat(PATH.get()).isEqualTo("a/b"));
            try (Attachment attachment = ScopedContext.where(PATH, "c").attach()) {
                assertThat(PATH.get()).isEqualTo("a/c");
            }
            assertThat(PATH.get()).isEqualTo("a");
        });
        assertThat(SHOWN).containsExactly("a", "a/b", "a/c");
    }

    @Test
    void bindsItAlsoAmongManyKeys() {
        Bindings many = ScopedContext.where(PATH, "a");
        for (int i = 0; i < 20; i++) {
            many = many.where(ContextKey.named("k" + i), i);
        }
        many.run(() -> ScopedContext.where(PATH, "b").run(() -> assertThat(PATH.get()).isEqualTo("a/b")));
    }

    @Test
    void combinesSeveralBoundTogether() {
        Bindings both = ScopedContext.where(PATH, "a").where(PATH, "b");
        both.run(() -> assertThat(PATH.get()).isEqualTo("a/b"));
        ScopedContext.where(PATH, "root").run(() -> both.run(() -> assertThat(PATH.get()).isEqualTo("root/a/b")));
    }

    @Test
    void nestsNothingInASnapshot() {
        ContextSnapshot inA = ScopedContext.where(PATH, "a").call(ScopedContext::capture);
        ScopedContext.where(PATH, "b").run(() -> inA.run(() -> assertThat(PATH.get()).isEqualTo("a")));
    }

    @Test
    void hookThatIsRegisteredWhileAnAttachmentNestsRunsAtTheEndOfTheScopeAround() {
        List<String> told = new ArrayList<>();
        ContextKey<String> key = ContextKey.<String>builder("key").nesting((around, added) -> {
            ScopedContext.onExit(failure -> told.add("hook"));
            return around + added;
        }).build();
        ScopedContext.where(key, "a").run(() -> {
            try (Attachment attachment = ScopedContext.where(key, "b").attach()) {
                told.add(key.get());
            }
            told.add(key.get());
        });
        assertThat(told).containsExactly("ab", "a", "hook");
    }

    @Test
    void markThatIsMadeWhileAnAttachmentNestsIsToldToTheScopeAround() {
        List<Throwable> told = new ArrayList<>();
        Exception mark = new Exception("mark");
        ContextKey<String> key = ContextKey.<String>builder("key").nesting((around, added) -> {
            ScopedContext.markFailed(mark);
            return around + added;
        }).build();
        ScopedContext.where(key, "a").run(() -> {
            ScopedContext.onExit(told::add);
            try (Attachment attachment = ScopedContext.where(key, "b").attach()) {
                assertThat(key.get()).isEqualTo("ab");
            }
        });
        assertThat(told).containsExactly(mark);
    }

    @Test
    void manyAttachmentsCloseInOrderAfterOneWhoseNestingFails() {
        ContextKey<Integer> key = ContextKey.<Integer>builder("key").nesting((around, added) -> {
            if (added < 0) {
                throw new IllegalArgumentException("negative");
            }
            return added;
        }).build();
        try (LogLines lines = LogLines.capture()) {
            Deque<Attachment> open = new ArrayDeque<>();
            for (int i = 0; i < 1100; i++) {
                open.push(ScopedContext.where(key, i).attach());
            }
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> ScopedContext.where(key, -1).attach()).hasMessage("negative");
            }
            for (int i = 1099; i >= 0; i--) {
                assertThat(key.get()).isEqualTo(i);
                open.pop().close();
            }
            assertThat(lines.messages()).isEmpty();
        }
        assertThat(key.isBound()).isFalse();
    }
}
