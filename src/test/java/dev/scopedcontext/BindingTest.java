package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.OnThread;
import java.io.IOException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The effect of {@code run} and {@code call} on the bindings of the thread. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("CheckReturnValue") // only the call matters
class BindingTest {

    private static final ContextKey<@Nullable String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    @Test // J1
    void bindingLastsForTheDynamicExtent() {
        ScopedContext.where(USER, "alice").run(() -> assertThat(USER.get()).isEqualTo("alice"));
        assertThat(USER.isBound()).isFalse();
    }

    @Test // J1
    void bindingEndsWhenTheBodyThrows() {
        IllegalStateException failure = new IllegalStateException("body");
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            throw failure;
        })).isSameAs(failure).hasNoSuppressedExceptions();
        assertThat(USER.isBound()).isFalse();
    }

    @Test // J1
    void innerBindingHidesTheOuterOneUntilItEnds() {
        ScopedContext.where(USER, "alice").where(TENANT, "acme").run(() -> {
            ScopedContext.where(USER, "bob").run(() -> {
                assertThat(USER.get()).isEqualTo("bob");
                assertThat(TENANT.get()).isEqualTo("acme");
            });
            assertThat(USER.get()).isEqualTo("alice");
        });
    }

    @Test // J2
    void unboundGetThrowsAnExceptionThatNamesTheKey() {
        assertThatThrownBy(USER::get).isInstanceOf(UnboundContextException.class)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("ContextKey[user]")
                .hasMessageContaining(Thread.currentThread().toString())
                .hasMessageContaining("ScopedContext.where(key, value).run(...)");
        ScopedContext.where(TENANT, "acme").run(() -> assertThat(USER.isBound()).isFalse());
    }

    @Test
    void snapshotTellsThatItLacksTheKey() {
        ContextSnapshot snapshot = ScopedContext.where(TENANT, "acme").call(ScopedContext::capture);
        assertThatThrownBy(() -> snapshot.get(USER)).isInstanceOf(UnboundContextException.class)
                .hasMessage("No value was bound to ContextKey[user] when ContextSnapshot[tenant] was captured");
    }

    @Test
    void keySaysItselfHowItIsToBeBound() {
        ContextKey<String> job = ContextKey.<String>builder("job").unboundMessage(() -> "Run it with runJob()").build();
        assertThatThrownBy(job::get).isInstanceOf(UnboundContextException.class).hasMessage("Run it with runJob()");
        assertThat(job.isBound()).isFalse();
        assertThat(job.orElse("none")).isEqualTo("none");
        IllegalStateException failure = new IllegalStateException("message");
        ContextKey<String> failing = ContextKey.<String>builder("failing").unboundMessage(() -> {
            throw failure;
        }).build();
        assertThatThrownBy(failing::get).isSameAs(failure);
        ContextKey<String> filled = ContextKey.<String>builder("filled").withDefault("d")
                .unboundMessage(() -> "never seen").build();
        assertThat(filled.get()).isEqualTo("d");
    }

    @Test // J3
    void nullIsBound() {
        ScopedContext.where(USER, null).run(() -> {
            assertThat(USER.isBound()).isTrue();
            assertThat(USER.get()).isNull();
            assertThat(USER.orElse("x")).isNull();
            assertThat(USER.<RuntimeException>orElseThrow(IllegalStateException::new)).isNull();
            assertThat(USER.find()).isEmpty();
        });
    }

    @Test
    void absentKeyIsReadInEachWay() {
        assertThat(USER.isBound()).isFalse();
        assertThat(USER.find()).isEmpty();
        assertThat(USER.orElse("x")).isEqualTo("x");
        assertThat(USER.orElse(null)).isNull();
        IOException failure = new IOException("nobody");
        assertThatThrownBy(() -> USER.orElseThrow(() -> failure)).isSameAs(failure);
    }

    @Test
    void boundKeyIsReadInEachWay() {
        ScopedContext.where(USER, "alice").run(() -> {
            assertThat(USER.find()).contains("alice");
            assertThat(USER.orElse("x")).isEqualTo("alice");
            assertThat(USER.<RuntimeException>orElseThrow(IllegalStateException::new)).isEqualTo("alice");
        });
    }

    @Test
    void defaultIsNotABinding() {
        ContextKey<String> locale = ContextKey.withDefault("locale", "en");
        assertThat(locale.get()).isEqualTo("en");
        assertThat(locale.isBound()).isFalse();
        assertThat(locale.find()).isEmpty();
        assertThat(locale.orElse("fr")).isEqualTo("fr");
        assertThatThrownBy(() -> locale.orElseThrow(IOException::new)).isInstanceOf(IOException.class);
        ScopedContext.where(locale, "de").run(() -> assertThat(locale.get()).isEqualTo("de"));
    }

    @Test
    void defaultMayBeNull() {
        ContextKey<@Nullable String> locale = ContextKey.withDefault("locale", null);
        assertThat(locale.get()).isNull();
        assertThat(locale.isBound()).isFalse();
    }

    @Test
    void keyIsIdentifiedByItselfNotByItsName() {
        ContextKey<String> other = ContextKey.named("user");
        ScopedContext.where(USER, "alice").run(() -> assertThat(other.isBound()).isFalse());
        assertThat(other).isNotEqualTo(USER);
        assertThat(other.name()).isEqualTo("user");
        assertThat(other).hasToString("ContextKey[user]");
    }

    @Test // J5
    void lastBindingOfAKeyWins() {
        Bindings twice = ScopedContext.where(USER, "alice").where(TENANT, "acme").where(USER, "bob");
        assertThat(twice.get(USER)).isEqualTo("bob");
        assertThat(twice).hasToString("[user, tenant]");
        twice.run(() -> {
            assertThat(USER.get()).isEqualTo("bob");
            assertThat(ScopedContext.capture().keys()).containsExactlyInAnyOrder(USER, TENANT);
        });
    }

    @Test // J5
    void bindingsAreImmutableAndReusable() throws Exception {
        Bindings alice = ScopedContext.where(USER, "alice");
        Bindings both = alice.where(TENANT, "acme");
        alice.run(() -> assertThat(TENANT.isBound()).isFalse());
        both.run(() -> alice.where(TENANT, "other").run(() -> assertThat(TENANT.get()).isEqualTo("other")));
        both.run(() -> assertThat(TENANT.get()).isEqualTo("acme"));
        OnThread.run(() -> both.run(() -> assertThat(USER.get()).isEqualTo("alice")));
    }

    @Test
    void bindingsGiveOnlyTheirOwnValues() {
        Bindings tenant = ScopedContext.where(TENANT, "acme");
        ScopedContext.where(USER, "alice").run(() -> assertThatThrownBy(() -> tenant.get(USER))
                .isInstanceOf(UnboundContextException.class)
                .hasMessage("ContextKey[user] is not among these bindings: [tenant]"));
    }

    @Test
    void bindingsShowNoValues() {
        assertThat(ScopedContext.where(USER, "secret")).hasToString("[user]");
        ScopedContext.where(USER, "secret").where(TENANT, "secret")
                .run(() -> assertThat(ScopedContext.capture()).hasToString("ContextSnapshot[tenant, user]"));
    }

    @Test // J7
    void callPassesTheExactTypeOfTheBodysException() {
        IOException failure = new IOException("body");
        try {
            ScopedContext.where(USER, "alice").call(() -> {
                throw failure;
            });
        } catch (Exception thrown) {
            assertThat(thrown).isSameAs(failure);
        }
        // Compiles without a catch or throws clause, since no checked exception is thrown.
        assertThat(ScopedContext.where(USER, "alice").call(() -> 7)).isEqualTo(7);
        try {
            readsAFile();
        } catch (IOException thrown) {
            assertThat(thrown).isSameAs(failure);
        }
    }

    private static String readsAFile() throws IOException {
        CallableOp<String, IOException> op = () -> "read";
        return ScopedContext.where(TENANT, "acme").call(op);
    }

    @Test // J7
    void errorsPassAsTheyAre() {
        OutOfMemoryError failure = new OutOfMemoryError("not really");
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").run(() -> {
            throw failure;
        })).isSameAs(failure);
    }

    @Test // J4
    @SuppressWarnings("NullAway")
    void nullArgumentsAreNamed() {
        Bindings bindings = ScopedContext.where(USER, "alice");
        ContextSnapshot snapshot = ScopedContext.capture();
        assertNamed("name", () -> ContextKey.named(null));
        assertNamed("name", () -> ContextKey.withDefault(null, ""));
        assertNamed("handOff", () -> ContextKey.builder("k").handOff(null));
        assertNamed("mirror", () -> ContextKey.builder("k").mirror(null));
        assertNamed("message", () -> ContextKey.builder("k").unboundMessage(null));
        assertNamed("keys", () -> bindings.without((ContextKey<?>[]) null));
        assertNamed("key", () -> ScopedContext.without(USER, null));
        assertNamed("exception", () -> USER.orElseThrow(null));
        assertNamed("key", () -> ScopedContext.where(null, ""));
        assertNamed("key", () -> bindings.where(null, ""));
        assertNamed("key", () -> bindings.get(null));
        assertNamed("op", () -> bindings.run(null));
        assertNamed("op", () -> bindings.call(null));
        assertNamed("carriers", () -> bindings.carrying((ThreadStateCarrier[]) null));
        assertNamed("carrier", () -> bindings.carrying((ThreadStateCarrier) null));
        assertNamed("hook", () -> ScopedContext.onExit(null));
        assertNamed("key", () -> snapshot.get(null));
        assertNamed("key", () -> snapshot.find(null));
        assertNamed("key", () -> snapshot.isBound(null));
        assertNamed("op", () -> snapshot.run(null));
        assertNamed("op", () -> snapshot.call(null));
        assertNamed("task", () -> snapshot.wrap((Runnable) null));
        assertNamed("supplier", () -> snapshot.wrapSupplier(null));
        assertNamed("function", () -> snapshot.wrapFunction(null));
        assertNamed("function", () -> snapshot.wrapBiFunction(null));
        assertNamed("consumer", () -> snapshot.wrapConsumer(null));
        assertNamed("consumer", () -> snapshot.wrapBiConsumer(null));
        assertNamed("predicate", () -> snapshot.wrapPredicate(null));
        assertNamed("copier", () -> HandOff.copy(null));
        assertNamed("open", () -> HandOff.perTask(null, value -> {
        }));
        assertNamed("close", () -> HandOff.perTask(value -> value, null));
    }

    private static void assertNamed(String parameter, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class).hasMessage(parameter);
    }
}
