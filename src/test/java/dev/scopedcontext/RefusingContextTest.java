package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Entries of work whose caller could not be notified, and contexts that cannot be read. */
@ExtendWith(CleanThread.class)
class RefusingContextTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<Integer> LEVEL = ContextKey.withDefault("level", 1);

    private final IllegalStateException refusal = new IllegalStateException("pool exhausted");
    private final List<String> log = new ArrayList<>();

    private final ContextKey<String> refusing = ContextKey.<String>builder("refusing")
            .handOff(HandOff.perTask(captured -> {
                throw refusal;
            }, opened -> log.add("closed"))).build();

    @Test
    void onlyTheRefusedValueCannotBeRead() {
        ContextSnapshot snapshot = ScopedContext.where(refusing, "r").where(USER, "alice")
                .call(ScopedContext::capture);
        assertThatThrownBy(() -> snapshot.run(() -> log.add("ran"))).isSameAs(refusal);
        String seen = snapshot.call(() -> {
            assertThatThrownBy(refusing::get).isSameAs(refusal);
            assertThatThrownBy(() -> refusing.orElse("other")).isSameAs(refusal);
            assertThatThrownBy(refusing::isBound).isSameAs(refusal);
            ScopedContext.where(LEVEL, 2).run(() -> {
                assertThatThrownBy(refusing::get).isSameAs(refusal);
                assertThat(LEVEL.get()).isEqualTo(2);
            });
            ScopedContext.where(refusing, "mine").run(() -> assertThat(refusing.get()).isEqualTo("mine"));
            ScopedContext.without(refusing).run(() -> assertThat(refusing.isBound()).isFalse());
            assertThat(LEVEL.get()).isEqualTo(1);
            return USER.get();
        }, true);
        assertThat(seen).isEqualTo("alice");
        assertThat(log).isEmpty();
    }

    @Test
    void theRefusalIsHandedOver() {
        ContextSnapshot snapshot = ScopedContext.where(refusing, "r").where(USER, "alice")
                .call(ScopedContext::capture);
        ContextSnapshot inner = snapshot
                .call(() -> ScopedContext.where(LEVEL, 2).call(ScopedContext::capture), true);
        for (int generation = 0; generation < 3; generation++) {
            ContextSnapshot outer = inner;
            inner = outer.call(() -> {
                assertThat(USER.get() + LEVEL.get()).isEqualTo("alice2");
                assertThatThrownBy(refusing::get).isSameAs(refusal);
                return ScopedContext.capture();
            });
        }
        assertThat(inner.keys()).containsExactlyInAnyOrder(USER, LEVEL, refusing);
        assertThat(inner).hasToString("ContextSnapshot[level, refusing, user]");
    }

    @Test
    void aTaskThatIsNotAdmittedRunsWithItsValues() {
        ContextKey<String> late = ContextKey.<String>builder("late").handOff(new HandOff<>() {
            @Override
            public void admit(String captured) {
                throw refusal;
            }
        }).build();
        ContextSnapshot snapshot = ScopedContext.where(late, "passed").call(ScopedContext::capture);
        assertThat(snapshot.<String, RuntimeException>call(late::get, true)).isEqualTo("passed");
    }

    @Test
    void failuresOfMirrorsAndCarriersAreThrownAfterTheOperation() {
        AtomicBoolean fails = new AtomicBoolean();
        ContextKey<String> mirrored = ContextKey.<String>builder("mirrored").mirror(new KeyMirror<String>() {
            @Override
            public Runnable show(String value) {
                if (fails.get()) {
                    throw refusal;
                }
                return () -> log.add("put back");
            }

            @Override
            public Runnable hide() {
                return () -> {
                };
            }
        }).build();
        IllegalStateException ofCarrier = new IllegalStateException("carrier");
        ThreadStateCarrier carrier = () -> () -> {
            throw ofCarrier;
        };
        ContextSnapshot snapshot = ScopedContext.where(mirrored, "m").where(USER, "alice").carrying(carrier)
                .call(ScopedContext::capture);
        log.clear();
        fails.set(true);
        assertThatThrownBy(() -> snapshot.call(() -> {
            ScopedContext.onExit(failure -> log.add("hook " + failure));
            return log.add(USER.get() + " " + mirrored.get());
        }, true)).isSameAs(ofCarrier).hasSuppressedException(refusal);
        assertThat(log).containsExactly("alice m", "hook null");
        IllegalStateException body = new IllegalStateException("body");
        assertThatThrownBy(() -> snapshot.call(() -> {
            throw body;
        }, true)).isSameAs(body).hasSuppressedException(ofCarrier);
        assertThat(Current.scope()).isNull();
    }

    @Test
    void aMirrorIsNotShownARefusedValue() {
        ContextKey<String> both = ContextKey.<String>builder("both").handOff(HandOff.perTask(captured -> {
            throw refusal;
        }, opened -> {
        })).mirror(new KeyMirror<String>() {
            @Override
            public Runnable show(String value) {
                log.add("show " + value);
                return () -> {
                };
            }

            @Override
            public Runnable hide() {
                return () -> {
                };
            }
        }).build();
        ContextSnapshot snapshot = ScopedContext.where(both, "b").call(ScopedContext::capture);
        log.clear();
        assertThat(snapshot.<ContextSnapshot, RuntimeException>call(ScopedContext::capture, true).keys())
                .containsExactly(both);
        assertThat(log).isEmpty();
    }

    @Test
    void aContextMayRefuseToBeRead() {
        ContextSnapshot snapshot = ContextSnapshot.refusing(refusal);
        assertThat(snapshot.keys()).isEmpty();
        assertThatThrownBy(() -> snapshot.get(USER)).isSameAs(refusal);
        Runnable check = () -> {
            assertThatThrownBy(USER::get).isSameAs(refusal);
            assertThatThrownBy(LEVEL::get).isSameAs(refusal);
            assertThatThrownBy(USER::isBound).isSameAs(refusal);
            ScopedContext.where(USER, "bob").run(() -> {
                assertThat(USER.get()).isEqualTo("bob");
                assertThatThrownBy(LEVEL::get).isSameAs(refusal);
                ContextSnapshot inner = ScopedContext.capture();
                inner.run(() -> {
                    assertThat(USER.get()).isEqualTo("bob");
                    assertThatThrownBy(LEVEL::get).isSameAs(refusal);
                });
            });
            ContextSnapshot.empty().run(() -> assertThat(USER.isBound()).isFalse());
        };
        ScopedContext.where(USER, "alice").run(() -> {
            snapshot.run(check);
            try (Attachment attached = snapshot.attach()) {
                check.run();
                ScopedContext.capture().run(check);
            }
            assertThat(USER.get()).isEqualTo("alice");
        });
        assertThatThrownBy(() -> ContextSnapshot.refusing(null)).isInstanceOf(NullPointerException.class)
                .hasMessage("failure");
    }
}
