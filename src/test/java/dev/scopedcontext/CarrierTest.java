package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bindings with carriers of other libraries' thread-local state. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("CheckReturnValue") // only the call matters
class CarrierTest {

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
}
