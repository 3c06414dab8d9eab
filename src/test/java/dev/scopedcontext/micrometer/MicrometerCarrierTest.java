package dev.scopedcontext.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.ThreadStateCarrier;
import dev.scopedcontext.support.Way;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Micrometer propagates, on every way of ours, and beside our own context in Micrometer. */
@ExtendWith(CleanThread.class)
class MicrometerCarrierTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final ThreadLocal<@Nullable String> state = new ThreadLocal<>();
    private final ContextRegistry registry = new ContextRegistry().registerThreadLocalAccessor("state", state);
    private final ThreadStateCarrier carrier = MicrometerCarrier.of(factory(false));
    private final List<@Nullable String> seen = new ArrayList<>();

    static List<Way> ways() {
        return Way.all();
    }

    @AfterEach
    void forget() {
        state.remove();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void stateIsTakenAlong(Way way) {
        state.set("here");
        ScopedContext.carrying(carrier).run(() -> way.run(this::look));
        assertThat(seen).containsExactly("here");
        assertThat(state.get()).isEqualTo("here");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void stateIsTakenAlongBesideTheAccessorOfOurContext(Way way) {
        registry.registerThreadLocalAccessor(new ScopedContextAccessor());
        state.set("here");
        ScopedContext.where(USER, "alice").carrying(carrier, MicrometerCarrier.of(factory(true)))
                .run(() -> way.run(() -> {
                    look();
                    seen.add(USER.get());
                    way.run(() -> seen.add(USER.get()));
                }));
        assertThat(seen).containsExactly("here", "alice", "alice");
    }

    @Test
    void whatTheThreadHadIsPutBack() {
        state.set("captured");
        ContextSnapshot captured = ScopedContext.carrying(carrier).call(ScopedContext::capture);
        state.set("before");
        captured.run(this::look);
        look();
        state.remove();
        captured.run(this::look);
        look();
        assertThat(seen).containsExactly("captured", "before", "captured", null);
    }

    @Test
    void anAccessorThatFailsLeavesNoValueOfTheOthers() {
        IllegalArgumentException failure = new IllegalArgumentException("set");
        registry.registerThreadLocalAccessor(new ThreadLocalAccessor<String>() {
            @Override
            public Object key() {
                return "failing";
            }

            @Override
            public String getValue() {
                return "value";
            }

            @Override
            public void setValue(String value) {
                throw failure;
            }

            @Override
            public void setValue() {
            }
        });
        state.set("captured");
        ContextSnapshot captured = ScopedContext.carrying(carrier).call(ScopedContext::capture);
        state.set("before");
        assertThatThrownBy(() -> captured.run(this::look)).isSameAs(failure);
        look();
        assertThat(seen).containsExactly("before");
    }

    @Test
    void settingBackGoesOnAfterAFailure() {
        IllegalArgumentException failure = new IllegalArgumentException("restore");
        registry.registerThreadLocalAccessor(new ThreadLocalAccessor<String>() {
            @Override
            public Object key() {
                return "failing";
            }

            @Override
            public String getValue() {
                return "value";
            }

            @Override
            public void setValue(String value) {
            }

            @Override
            public void setValue() {
            }

            @Override
            public void restore(String previousValue) {
                throw failure;
            }
        });
        state.set("captured");
        ContextSnapshot captured = ScopedContext.carrying(carrier).call(ScopedContext::capture);
        state.set("before");
        assertThatThrownBy(() -> captured.run(this::look)).isSameAs(failure);
        look();
        assertThat(seen).containsExactly("captured", "before");
    }

    @Test
    void theFactorySaysWhetherWhatIsMissingIsCleared() {
        ContextSnapshot keeping = ScopedContext.carrying(carrier).call(ScopedContext::capture);
        ContextSnapshot clearing = ScopedContext.carrying(MicrometerCarrier.of(factory(true)))
                .call(ScopedContext::capture);
        state.set("before");
        keeping.run(this::look);
        clearing.run(this::look);
        look();
        assertThat(seen).containsExactly("before", null, "before");
    }

    @Test
    void micrometersSnapshotTakesOurContextWithItsCarriersAlong() {
        registry.registerThreadLocalAccessor(new ScopedContextAccessor());
        state.set("captured");
        Runnable task = ScopedContext.where(USER, "alice").carrying(carrier)
                .call(() -> factory(true).captureAll().wrap(() -> {
                    look();
                    seen.add(USER.get());
                }));
        state.set("before");
        task.run();
        look();
        assertThat(seen).containsExactly("captured", "alice", "before");
    }

    @Test
    void whatAnAccessorThrowsIsThrownToWhoeverCaptures() {
        IllegalStateException failure = new IllegalStateException("get");
        registry.registerThreadLocalAccessor("failing", () -> {
            throw failure;
        }, value -> {
        }, () -> {
        });
        ScopedContext.carrying(carrier).run(() -> assertThatThrownBy(ScopedContext::capture).isSameAs(failure));
        registry.removeThreadLocalAccessor("failing");
        registry.registerThreadLocalAccessor(new ScopedContextAccessor());
        ScopedContext.where(USER, "alice")
                .run(() -> assertThat(factory(false).captureAll()).hasToString("DefaultContextSnapshot{dev."
                        + "scopedcontext=ContextSnapshot[user]}"));
    }

    @Test
    @SuppressWarnings("NullAway")
    void carriersTellWhatTheyAre() {
        ContextSnapshotFactory factory = factory(true);
        assertThat(MicrometerCarrier.of(factory)).isEqualTo(MicrometerCarrier.of(factory))
                .hasToString("MicrometerCarrier[" + factory + "]");
        assertThatThrownBy(() -> MicrometerCarrier.of(null)).isInstanceOf(NullPointerException.class)
                .hasMessage("factory");
    }

    private ContextSnapshotFactory factory(boolean clearing) {
        return ContextSnapshotFactory.builder().contextRegistry(registry).clearMissing(clearing).build();
    }

    private void look() {
        seen.add(state.get());
    }
}
