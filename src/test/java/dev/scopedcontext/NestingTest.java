package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys of which an inner value does not simply replace the outer one. */
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
}
