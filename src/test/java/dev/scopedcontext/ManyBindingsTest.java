package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Very many bindings at once. No step may need stack for each of them, or examine all of them for each one. The time
 * limit is far above the time that is needed, and far below that of a quadratic step.
 */
@ExtendWith(CleanThread.class)
@Timeout(60)
class ManyBindingsTest {

    private static final int MANY = 200_000;

    private final List<Object> shown = new ArrayList<>();

    private final ContextKey<Object> mirrored = ContextKey.builder("mirrored").mirror(new KeyMirror<>() {
        @Override
        public Runnable show(Object value) {
            shown.add(value);
            return () -> shown.add("back from " + value);
        }

        @Override
        public Runnable hide() {
            shown.add("hidden");
            return () -> {
            };
        }
    }).build();

    private final ContextKey<String> nesting = ContextKey.<String>builder("nesting").nesting(String::concat).build();

    private static Bindings with(Bindings first) {
        Bindings bindings = first;
        for (int i = 0; i < MANY; i++) {
            bindings = bindings.where(ContextKey.named("key"), i);
        }
        return bindings;
    }

    @Test
    void oneOfThemNests() {
        ScopedContext.where(nesting, "outer ").run(() -> {
            with(ScopedContext.where(nesting, "inner"))
                    .run(() -> assertThat(nesting.get()).isEqualTo("outer inner"));
            with(ScopedContext.without(nesting).where(nesting, "alone"))
                    .run(() -> assertThat(nesting.get()).isEqualTo("alone"));
        });
    }

    @Test
    void oneOfThemIsMirrored() {
        Bindings bindings = with(ScopedContext.where(mirrored, "value"));
        bindings.run(() -> assertThat(shown).containsExactly("value"));
        try (Attachment attachment = bindings.attach()) {
            assertThat(shown).hasSize(3);
        }
        shown.clear();
        bindings.call(ScopedContext::capture).run(() -> assertThat(shown).endsWith("value"));
    }

    @Test
    void allOfThemAreMirroredInThePlacesOfOneKey() {
        Bindings bindings = ScopedContext.where(mirrored, "first");
        for (int i = 0; i < MANY; i++) {
            bindings = bindings.where(mirrored, i);
        }
        bindings.run(() -> assertThat(shown).containsExactly(MANY - 1));
    }

    @Test
    void theirNamesAreShown() {
        assertThat(with(ScopedContext.without(nesting)).toString()).endsWith("key, without nesting]");
    }
}
