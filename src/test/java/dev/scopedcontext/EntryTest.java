package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.Shown;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bindings with carriers, and attachments that fail on entry. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("CheckReturnValue") // the point is the call
class EntryTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    private final List<String> log = new ArrayList<>();

    private ThreadStateCarrier carrier(String name) {
        return () -> {
            log.add(name);
            return () -> () -> {
            };
        };
    }

    @Test
    void bindingsWithCarriersGiveOnlyTheirOwnValues() {
        for (Bindings b : List.of(ScopedContext.carrying(carrier("c")),
                ScopedContext.carrying(carrier("c")).where(USER, "alice"),
                ScopedContext.where(USER, "alice").carrying(carrier("c")))) {
            assertThatThrownBy(() -> b.get(TENANT)).isInstanceOf(UnboundContextException.class)
                    .hasMessageContaining("ContextKey[tenant] is not among these bindings");
        }
    }

    @Test
    void carriersAreAddedToThoseAroundAndEachCapturesOnce() {
        ThreadStateCarrier one = carrier("one");
        ScopedContext.carrying(one)
                .run(() -> ScopedContext.carrying(carrier("two"), one).run(() -> ScopedContext.capture()));
        assertThat(log).containsExactly("one", "two");
    }

    @Test // X6
    void attachmentWhoseMirrorFailsLeavesNothing() {
        IllegalStateException failure = new IllegalStateException("show");
        Shown first = new Shown();
        Shown second = new Shown();
        second.failsToShow.set(failure);
        ContextKey<String> shown = ContextKey.<String>builder("shown").mirror(first).mirror(second).build();
        assertThatThrownBy(() -> ScopedContext.where(shown, "x").attach()).isSameAs(failure);
        assertThat(shown.isBound()).isFalse();
        assertThat(first.value.get()).isNull();
    }

    @Test
    void copierIsNotAskedToCopyNull() {
        ContextKey<String> copied = ContextKey.<String>builder("copied").handOff(HandOff.copy(String::strip)).build();
        ScopedContext.where(copied, null)
                .run(() -> ScopedContext.capture().run(() -> assertThat(copied.isBound()).isTrue()));
    }
}
