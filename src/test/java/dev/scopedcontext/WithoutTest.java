package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are unbound for the duration of a call. */
@ExtendWith(CleanThread.class)
class WithoutTest {

    private static final ContextKey<@Nullable String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");
    private static final ContextKey<String> LOCALE = ContextKey.withDefault("locale", "en");
    private static final Bindings ALICE = ScopedContext.where(USER, "alice").where(TENANT, "acme");

    @Test
    void keyReadsAsUnboundInEachWay() {
        ALICE.run(() -> {
            ScopedContext.without(USER).run(() -> {
                assertThat(USER.isBound()).isFalse();
                assertThat(USER.find()).isEmpty();
                assertThat(USER.orElse("nobody")).isEqualTo("nobody");
                assertThatThrownBy(USER::get).isInstanceOf(UnboundContextException.class);
                assertThatThrownBy(() -> USER.orElseThrow(IllegalStateException::new))
                        .isInstanceOf(IllegalStateException.class);
                assertThat(TENANT.get()).isEqualTo("acme");
            });
            assertThat(USER.get()).isEqualTo("alice");
        });
    }

    @Test
    void defaultCountsAgain() {
        ScopedContext.where(LOCALE, "fr")
                .run(() -> ScopedContext.without(LOCALE).run(() -> assertThat(LOCALE.get()).isEqualTo("en")));
    }

    @Test
    void keyThatIsNotBoundMayBeUnbound() {
        ScopedContext.without(USER).run(() -> assertThat(USER.isBound()).isFalse());
        ScopedContext.without().run(() -> assertThat(ScopedContext.capture()).isSameAs(ContextSnapshot.empty()));
    }

    @Test
    void lastOfWhereAndWithoutCounts() {
        ALICE.run(() -> {
            ALICE.without(USER).run(() -> assertThat(USER.isBound()).isFalse());
            ScopedContext.without(USER).where(USER, "bob").run(() -> assertThat(USER.get()).isEqualTo("bob"));
            ScopedContext.where(USER, null).run(() -> assertThat(USER.isBound()).isTrue());
        });
    }

    @Test
    void unboundKeyIsNotAmongTheBindings() {
        Bindings without = ALICE.without(USER);
        assertThatThrownBy(() -> without.get(USER)).isInstanceOf(UnboundContextException.class)
                .hasMessage("ContextKey[user] is not among these bindings: [without user, tenant]");
        assertThat(without.get(TENANT)).isEqualTo("acme");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 9, 30})
    void snapshotLacksTheKeyHoweverManyOthersThereAre(int others) {
        Bindings many = ALICE;
        for (int i = 0; i < others; i++) {
            many = many.where(ContextKey.named("k" + i), i);
        }
        many.run(() -> ScopedContext.without(USER, LOCALE).run(() -> {
            ContextSnapshot snapshot = ScopedContext.where(LOCALE, "fr").call(ScopedContext::capture);
            assertThat(snapshot.isBound(USER)).isFalse();
            assertThat(snapshot.find(USER)).isEmpty();
            assertThat(snapshot.keys()).hasSize(others + 2).contains(TENANT, LOCALE).doesNotContain(USER);
            snapshot.run(() -> assertThat(USER.isBound()).isFalse());
            assertThatThrownBy(() -> snapshot.get(USER)).isInstanceOf(UnboundContextException.class);
        }));
    }

    @Test
    void attachmentUnbindsToo() {
        ALICE.run(() -> {
            try (Attachment without = ScopedContext.without(USER).attach()) {
                assertThat(USER.isBound()).isFalse();
                assertThat(without).hasToString("Attachment[without user]");
            }
            assertThat(USER.get()).isEqualTo("alice");
        });
    }

    @Test
    void hiddenValueIsNotHandedOver() {
        List<String> handed = new ArrayList<>();
        ContextKey<String> key = ContextKey.<String>builder("key").handOff(HandOff.perTask(captured -> {
            handed.add(captured);
            return captured;
        }, handed::add)).build();
        ScopedContext.where(key, "v").run(() -> {
            Runnable task = ScopedContext.without(key).call(() -> ScopedContext.capture().wrap(() -> {
                assertThat(key.isBound()).isFalse();
            }));
            task.run();
        });
        assertThat(handed).isEmpty();
    }

    @Test
    void innerValueOfAKeyThatNestsStandsAlone() {
        ContextKey<String> path = ContextKey.<String>builder("path").nesting((around, added) -> around + "/" + added)
                .build();
        Bindings fresh = ScopedContext.without(path).where(path, "b");
        ScopedContext.where(path, "a").run(() -> {
            fresh.run(() -> assertThat(path.get()).isEqualTo("b"));
            fresh.where(path, "c").run(() -> assertThat(path.get()).isEqualTo("b/c"));
            fresh.without(path).run(() -> assertThat(path.isBound()).isFalse());
            fresh.without(path).where(path, "d").run(() -> assertThat(path.get()).isEqualTo("d"));
            ScopedContext.where(path, "x").without(path).where(path, "d")
                    .run(() -> assertThat(path.get()).isEqualTo("d"));
            ScopedContext.without(path)
                    .run(() -> ScopedContext.where(path, "e").run(() -> assertThat(path.get()).isEqualTo("e")));
        });
    }

    @Test
    void carriersGoOnCarrying() {
        List<String> carried = new ArrayList<>();
        ThreadStateCarrier carrier = () -> {
            carried.add("captured");
            return () -> () -> carried.add("restored");
        };
        ALICE.carrying(carrier).run(() -> ScopedContext.without(USER).run(() -> ScopedContext.capture().run(() -> {
        })));
        assertThat(carried).containsExactly("captured", "restored");
    }

    @Test
    void mirrorHidesOnlyWhatWasBound() {
        List<String> shown = new ArrayList<>();
        ContextKey<String> key = ContextKey.<String>builder("key").mirror(new KeyMirror<>() {
            @Override
            public Runnable show(String value) {
                shown.add("show " + value);
                return () -> shown.add("back");
            }

            @Override
            public Runnable hide() {
                shown.add("hide");
                return () -> shown.add("back from hiding");
            }
        }).build();
        ScopedContext.without(key).run(() -> {
        });
        ScopedContext.where(key, "v").without(key).run(() -> {
        });
        assertThat(shown).isEmpty();
        ScopedContext.where(key, "v").run(() -> ScopedContext.without(key).run(() -> shown.add("inside")));
        assertThat(shown).containsExactly("show v", "hide", "inside", "back from hiding", "back");
    }

    @Test
    void mirrorThatFailsToHideLeavesAllAsItWas() {
        IllegalStateException failure = new IllegalStateException("hide");
        ContextKey<String> key = ContextKey.<String>builder("key").mirror(new KeyMirror<>() {
            @Override
            public Runnable show(String value) {
                return () -> {
                };
            }

            @Override
            public Runnable hide() {
                throw failure;
            }
        }).build();
        ScopedContext.where(key, "v").run(() -> {
            assertThatThrownBy(() -> ScopedContext.without(key).attach()).isSameAs(failure);
            assertThatThrownBy(() -> ScopedContext.without(key).run(() -> {
            })).isSameAs(failure);
            assertThat(key.get()).isEqualTo("v");
        });
    }
}
