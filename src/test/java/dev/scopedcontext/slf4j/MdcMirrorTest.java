package dev.scopedcontext.slf4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** What a mirrored key shows in the MDC of Logback, on its own thread and on others. */
@ExtendWith(CleanThread.class)
class MdcMirrorTest {

    private static final ContextKey<@Nullable Object> ID = ContextKey.<@Nullable Object>builder("id")
            .mirror(MdcMirror.to("id")).build();

    private final List<@Nullable String> shown = new ArrayList<>();

    static List<Way> ways() {
        return Way.all();
    }

    @AfterEach
    void nothingIsLeftInTheMdc() {
        boolean empty = isEmpty();
        MDC.clear();
        assertThat(empty).isTrue();
    }

    @Test
    void valueIsShownForAsLongAsItIsBound() {
        UUID id = UUID.randomUUID();
        ScopedContext.where(ID, id).run(this::look);
        look();
        try (Attachment attached = ScopedContext.where(ID, 7).attach()) {
            look();
        }
        look();
        assertThat(shown).containsExactly(id.toString(), null, "7", null);
    }

    @Test
    void formerEntryIsBackAfterwardsAlsoWhenTheBodyFails() {
        IllegalStateException failure = new IllegalStateException("body");
        MDC.put("id", "former");
        MDC.put("other", "stays");
        assertThatThrownBy(() -> ScopedContext.where(ID, "r1").run(() -> {
            look();
            throw failure;
        })).isSameAs(failure).hasNoSuppressedExceptions();
        look();
        assertThat(shown).containsExactly("r1", "former");
        assertThat(MDC.getCopyOfContextMap()).containsOnlyKeys("id", "other");
        MDC.clear();
    }

    @Test
    void entryWithoutTextIsPutBackAsSuch() {
        MDC.put("id", null);
        ScopedContext.where(ID, "r1").run(() -> {
            look();
            ContextSnapshot.empty().run(this::look);
        });
        assertThat(MDC.getCopyOfContextMap()).hasSize(1).containsEntry("id", null);
        ScopedContext.where(ID, null).run(() -> assertThat(isEmpty()).isTrue());
        assertThat(MDC.getCopyOfContextMap()).hasSize(1).containsEntry("id", null);
        assertThat(shown).containsExactly("r1", null);
        MDC.clear();
    }

    @Test
    void entryThatWasAbsentIsAbsentAgainWhateverElseIsThere() {
        MDC.put("other", null);
        ScopedContext.where(ID, "r1").run(this::look);
        assertThat(MDC.getCopyOfContextMap()).hasSize(1).containsEntry("other", null);
        MDC.clear();
    }

    @Test
    void whatTheBodyDoesToTheEntryIsUndone() {
        ScopedContext.where(ID, "r1").run(() -> MDC.put("id", "changed"));
        MDC.put("id", "former");
        ScopedContext.where(ID, "r1").run(() -> MDC.remove("id"));
        assertThat(MDC.get("id")).isEqualTo("former");
        MDC.clear();
    }

    @Test
    void innerValueHidesTheOuterUntilItEnds() {
        ScopedContext.where(ID, "outer").run(() -> {
            ScopedContext.where(ID, "inner").run(this::look);
            look();
        });
        assertThat(shown).containsExactly("inner", "outer");
    }

    @Test
    void ofAKeyThatIsBoundTwiceAtOnceTheLastValueIsShownOnce() {
        List<String> formatted = new ArrayList<>();
        ContextKey<String> key = ContextKey.<String>builder("key").mirror(MdcMirror.to("id", value -> {
            formatted.add(value);
            return value;
        })).build();
        ScopedContext.where(key, "first").where(key, "last").run(this::look);
        assertThat(shown).containsExactly("last");
        assertThat(formatted).containsExactly("last");
    }

    @Test
    void nullIsShownAsNoEntry() {
        ScopedContext.where(ID, "outer").run(() -> {
            ScopedContext.where(ID, null).run(() -> {
                look();
                assertThat(isEmpty()).isTrue();
            });
            look();
        });
        assertThat(shown).containsExactly(null, "outer");
    }

    @Test
    void formatterWritesTheValueAndIsNotGivenNull() {
        ContextKey<@Nullable String> key = ContextKey.<@Nullable String>builder("key")
                .mirror(MdcMirror.<@Nullable String>to("id", value -> "<" + value.length() + ">")).build();
        ScopedContext.where(key, "four").run(this::look);
        ScopedContext.where(key, null).run(this::look);
        assertThat(shown).containsExactly("<4>", null);
    }

    @Test
    void whereTheFormatterReturnsNullThereIsNoEntry() {
        ContextKey<String> key = ContextKey.<String>builder("key")
                .mirror(MdcMirror.to("id", value -> value.isEmpty() ? null : value)).build();
        ScopedContext.where(key, "outer").run(() -> ScopedContext.where(key, "").run(this::look));
        assertThat(shown).containsExactly((String) null);
    }

    @Test
    void whatTheFormatterThrowsIsThrownAndTheBodyDoesNotRun() {
        IllegalStateException failure = new IllegalStateException("formatter");
        ContextKey<String> key = ContextKey.<String>builder("key").mirror(MdcMirror.to("other"))
                .mirror(MdcMirror.to("id", value -> {
                    throw failure;
                })).build();
        MDC.put("id", "former");
        assertThatThrownBy(() -> ScopedContext.where(key, "r1").run(this::look)).isSameAs(failure);
        assertThatThrownBy(() -> ScopedContext.where(key, "r1").attach()).isSameAs(failure);
        assertThat(shown).isEmpty();
        assertThat(MDC.getCopyOfContextMap()).containsOnlyKeys("id").containsValue("former");
        MDC.clear();
    }

    @Test
    void aDefaultIsNotShown() {
        ContextKey<String> key = ContextKey.<String>builder("key").withDefault("default").mirror(MdcMirror.to("id"))
                .build();
        assertThat(key.get()).isEqualTo("default");
        look();
        assertThat(shown).containsExactly((String) null);
    }

    @Test
    void entryIsHiddenInAContextInWhichTheKeyIsNotBound() {
        ScopedContext.where(ID, "r1").run(() -> {
            ContextSnapshot.empty().run(this::look);
            look();
        });
        assertThat(shown).containsExactly(null, "r1");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void valueIsShownOnTheThreadThatTheContextIsHandedTo(Way way) {
        ScopedContext.where(ID, "r1").run(() -> way.run(() -> {
            look();
            ScopedContext.where(ID, "inner").run(this::look);
            look();
        }));
        assertThat(shown).containsExactly("r1", "inner", "r1");
    }

    @Test
    void mirrorsTellWhatTheyAre() {
        assertThat(MdcMirror.to("id")).hasToString("MdcMirror[id]");
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullArgumentsAreNamed() {
        assertThatThrownBy(() -> MdcMirror.to(null)).isInstanceOf(NullPointerException.class).hasMessage("entry");
        assertThatThrownBy(() -> MdcMirror.to("id", null)).isInstanceOf(NullPointerException.class)
                .hasMessage("formatter");
    }

    private void look() {
        shown.add(MDC.get("id"));
    }

    private static boolean isEmpty() {
        return MDC.getCopyOfContextMap() == null || MDC.getCopyOfContextMap().isEmpty();
    }
}
