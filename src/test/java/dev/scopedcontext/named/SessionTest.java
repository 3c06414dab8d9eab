package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.OnThread;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a session binds, and for how long. */
@ExtendWith(CleanThread.class)
@SuppressWarnings("CheckReturnValue") // the point is the call
class SessionTest {

    private final NamedContext app = NamedContext.named("app");
    private final NamedContext request = NamedContext.named("request");
    private final ContextKey<@Nullable String> config = app.key("config", String.class);
    private final ContextKey<Integer> other = app.key("other", int.class);
    private final ContextKey<String> user = request.key("user", String.class);

    @Test
    void messageOfAnUnboundKeyDoesNotTakeASessionThatHasEndedForActive() {
        NamedContext context = NamedContext.named("request");
        ContextKey<String> key = context.key("user", String.class);
        ContextSnapshot kept = context.session().call(ScopedContext::capture);
        kept.run(() -> assertThatThrownBy(key::get).isInstanceOf(UnboundContextException.class)
                .hasMessage("The session of context 'request' that is bound on " + Thread.currentThread()
                        + " has ended, and had no value for 'request.user': give it one with"
                        + " session().where(key, value), or add it with overlay().where(key, value)"));
    }

    @Test // R1
    void declaringTouchesNoBindings() {
        app.key("late", String.class);
        app.proxy("proxied", Runnable.class);
        app.resource("never", AutoCloseable.class, () -> {
            throw new AssertionError("opened");
        });
        assertThat(ScopedContext.capture()).isSameAs(ContextSnapshot.empty());
    }

    @Test // R3
    void sessionIsInertUntilItIsEntered() {
        Session session = app.session().where(config, "c");
        assertThat(config.isBound()).isFalse();
        assertThat(app.isActive()).isFalse();
        session.run(() -> assertThat(config.isBound()).isTrue());
    }

    @Test // R4
    void valueIsTheOneThatWasGiven() {
        String value = new String("c");
        app.session().where(config, value).run(() -> assertThat(config.get()).isSameAs(value));
    }

    @Test // R5
    void innerSessionHidesTheOuterOneAndNoOtherContext() {
        app.session().where(config, "c").run(() -> request.session().where(user, "alice").run(() -> {
            app.session().where(other, 2).run(() -> {
                assertThat(config.isBound()).isFalse();
                assertThat(other.get()).isEqualTo(2);
                assertThat(user.get()).isEqualTo("alice");
            });
            assertThat(config.get()).isEqualTo("c");
            assertThat(other.isBound()).isFalse();
        }));
    }

    @Test // R5
    void sessionHidesWhatWasBoundOneByOne() {
        ScopedContext.where(config, "plain").run(() -> app.session().run(() -> assertThat(config.isBound()).isFalse()));
    }

    @Test // R5
    void keyDeclaredAfterASessionWasMadeIsHiddenToo() {
        Session session = app.session();
        ContextKey<String> late = app.key("late", String.class);
        app.session().where(late, "l").run(() -> session.run(() -> assertThat(late.isBound()).isFalse()));
    }

    @Test
    void plainBindingOverridesLikeAnOverlay() {
        app.session().where(config, "c").where(other, 1).run(() -> {
            ScopedContext.where(config, "d").run(() -> {
                assertThat(config.get()).isEqualTo("d");
                assertThat(other.get()).isEqualTo(1);
                assertThat(app.isActive()).isTrue();
            });
            assertThat(config.get()).isEqualTo("c");
        });
    }

    @Test // R6
    void overlayKeepsTheOuterValuesAndAddsOrOverrides() {
        app.session().where(config, "c").where(other, 1).run(() -> {
            app.overlay().where(other, 2).run(() -> {
                assertThat(config.get()).isEqualTo("c");
                assertThat(other.get()).isEqualTo(2);
            });
            assertThat(other.get()).isEqualTo(1);
        });
    }

    @Test // R7
    void overlayHasTheValuesOfWhereItWasMade() {
        Session overlay = app.session().where(config, "a").call(() -> app.overlay());
        app.session().where(config, "b").where(other, 1).run(() -> overlay.run(() -> {
            assertThat(config.get()).isEqualTo("a");
            assertThat(other.isBound()).isFalse();
        }));
    }

    @Test // R8
    void overlayWithNothingBoundIsAPlainSession() {
        Session overlay = app.overlay().where(config, "o");
        app.session().where(other, 1).run(() -> overlay.run(() -> {
            assertThat(config.get()).isEqualTo("o");
            assertThat(other.isBound()).isFalse();
            assertThat(app.isActive()).isTrue();
        }));
    }

    @Test // R9
    void formerValuesAreBackAfterAFailureWhichPassesUnchanged() {
        IOException failure = new IOException("body");
        app.session().where(config, "c").run(() -> {
            assertThatThrownBy(() -> app.session().where(config, "d").call(() -> {
                throw failure;
            })).isSameAs(failure).hasNoSuppressedExceptions();
            assertThat(config.get()).isEqualTo("c");
        });
        assertThat(config.isBound()).isFalse();
    }

    @Test // R10, R20
    void sessionIsEnteredAgainAlsoInsideItself() throws Exception {
        Session session = app.session().where(config, "c");
        session.run(() -> {
            ScopedContext.where(config, "d").run(() -> {
                session.run(() -> assertThat(config.get()).isEqualTo("c"));
                assertThat(config.get()).isEqualTo("d");
            });
            assertThat(config.get()).isEqualTo("c");
        });
        OnThread.run(() -> session.run(() -> assertThat(config.get()).isEqualTo("c")));
    }

    @Test // R20
    void sessionIsImmutable() {
        Session session = app.session().where(config, "c");
        Session more = session.where(other, 1).where(config, "d");
        session.run(() -> {
            assertThat(config.get()).isEqualTo("c");
            assertThat(other.isBound()).isFalse();
        });
        more.run(() -> assertThat(config.get()).isEqualTo("d"));
    }

    @Test // R11
    void contextsWithOneNameAreIndependent() {
        NamedContext second = NamedContext.named("app");
        ContextKey<String> secondConfig = second.key("config", String.class);
        app.session().where(config, "c").run(() -> {
            assertThat(secondConfig.isBound()).isFalse();
            assertThat(second.isActive()).isFalse();
        });
    }

    @Test // R12
    void readWithoutASessionSaysSo() {
        assertThatThrownBy(user::get).isInstanceOf(UnboundContextException.class).hasMessage(
                "No session of context 'request' is active on " + Thread.currentThread() + ", so there is no"
                        + " 'request.user': enter one with session().where(key, value).run(...), or, if it is active on"
                        + " another thread, hand it over with ScopedContext.capture() or ContextExecutors");
    }

    @Test // R13
    void readInASessionThatLacksTheValueSaysSo() {
        request.session().run(() -> assertThatThrownBy(user::get).isInstanceOf(UnboundContextException.class)
                .hasMessage("The session of context 'request' that is active on " + Thread.currentThread()
                        + " has no value for 'request.user': give it one with session().where(key, value), or add it"
                        + " with overlay().where(key, value)"));
    }

    @Test // R14
    void nullIsAValue() {
        app.session().where(config, null).run(() -> {
            assertThat(config.isBound()).isTrue();
            assertThat(config.get()).isNull();
            app.overlay().run(() -> assertThat(config.isBound()).isTrue());
        });
    }

    @Test
    void valuesAreGivenByName() {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("config", null);
        values.put("other", 3);
        Session session = app.session().where(config, "before").with(values);
        values.put("other", 4); // R21
        session.run(() -> {
            assertThat(config.isBound()).isTrue();
            assertThat(config.get()).isNull();
            assertThat(other.get()).isEqualTo(3);
        });
    }

    @Test
    void valuesByNameAreChecked() {
        app.resource("link", AutoCloseable.class, () -> () -> {
        });
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("confg", "c");
        assertThatThrownBy(() -> app.session().with(values)).isInstanceOf(IllegalArgumentException.class).hasMessage(
                "These values do not fit context 'app': it declares [config, link, other], but not 'confg'");
        values.remove("confg");
        values.put("other", "three");
        assertThatThrownBy(() -> app.session().with(values)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("These values do not fit context 'app': 'app.other' is a key of type java.lang.Integer,"
                        + " and cannot be a java.lang.String");
        values.put("link", null);
        assertThatThrownBy(() -> app.session().with(values)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'app.other' is a key of type java.lang.Integer")
                .hasMessageContaining("'app.link' is a resource of type java.lang.AutoCloseable, and cannot be null");
    }

    @Test
    void keyOfAnotherContextIsRefused() {
        assertThatThrownBy(() -> app.session().where(user, "alice")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ContextKey[request.user] is not declared in context 'app': use it in a session of its own"
                        + " context, or bind it with ScopedContext.where(key, value)");
        ResourceKey<AutoCloseable> link = request.resource("link", AutoCloseable.class, () -> () -> {
        });
        assertThatThrownBy(() -> app.overlay().with(link, () -> {
        })).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ResourceKey[request.link] is not declared in context 'app'");
    }

    @Test // R23
    void noNameIsReserved() {
        List<ContextKey<String>> keys = Stream.of("name", "values", "session", "overlay", "", "app session")
                .map(name -> app.key(name, String.class)).toList();
        for (ContextKey<String> key : keys) {
            app.session().where(key, "v").run(() -> assertThat(key.get()).isEqualTo("v"));
            app.session().with(Map.of(key.name().substring(4), "w")).run(() -> assertThat(key.get()).isEqualTo("w"));
        }
    }

    @Test // R24, X11
    void contextTellsWhetherASessionIsActive() {
        assertThat(app).hasToString("NamedContext[app, not active]");
        app.session().run(() -> {
            assertThat(app).hasToString("NamedContext[app, active]");
            assertThat(app.isActive()).isTrue();
            assertThat(request.isActive()).isFalse();
        });
        assertThat(app.isActive()).isFalse();
    }

    @Test
    void sessionShowsNamesAndNoValues() {
        assertThat(app.session().where(other, 1).where(config, "secret"))
                .hasToString("Session of app [app.config, app.other]");
        assertThat(app.session()).hasToString("Session of app []");
    }

    @Test // R25
    void newThreadSeesNothing() {
        app.session().where(config, "c").run(() -> {
            try {
                OnThread.run(() -> {
                    assertThat(config.isBound()).isFalse();
                    assertThat(app.isActive()).isFalse();
                });
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        });
    }

    @Test // R31
    void streamConsumedOutsideIsOutside() {
        Stream<String> plain = app.session().where(config, "c").call(() -> Stream.of("a").map(a -> a + config.get()));
        assertThatThrownBy(plain::toList).isInstanceOf(UnboundContextException.class);
        Stream<String> wrapped = app.session().where(config, "c").call(
                () -> Stream.of("a").map(ScopedContext.capture().wrapFunction((String a) -> a + config.get())));
        assertThat(wrapped.toList()).containsExactly("ac");
    }

    @Test
    void attachedSessionEndsWithItsAttachment() {
        try (Attachment outer = app.session().where(config, "c").attach()) {
            assertThat(config.get()).isEqualTo("c");
            try (Attachment inner = app.overlay().where(other, 1).attach()) {
                assertThat(config.get()).isEqualTo("c");
                assertThat(other.get()).isEqualTo(1);
            }
            assertThat(other.isBound()).isFalse();
        }
        assertThat(app.isActive()).isFalse();
    }

    @Test // R22, X3
    void sessionsThatAreNotClosedInReverseOrderEndAllTheSame() {
        Attachment outer = app.session().attach();
        Attachment inner = request.session().attach();
        try (LogLines log = LogLines.capture()) {
            outer.close();
            assertThat(log.messages()).singleElement().asString().contains("app session", "request session");
        }
        assertThat(app.isActive()).isFalse();
        assertThat(request.isActive()).isFalse();
        inner.close();
    }

    @Test // X1
    void helperThatEntersTwoContextsLeavesBoth() {
        Runnable body = () -> assertThat(config.get() + user.get()).isEqualTo("calice");
        app.session().where(config, "c").run(() -> request.session().where(user, "alice").run(body));
        assertThat(ScopedContext.capture().keys()).isEmpty();
    }

    @Test
    void callPassesTheTypeOfTheException() throws IOException {
        assertThat(reads()).isEqualTo("c");
        assertThat(app.session().call(() -> 7)).isEqualTo(7); // declares nothing
    }

    private String reads() throws IOException {
        return app.session().where(config, "c").call(() -> {
            if (config.get() == null) {
                throw new IOException("nothing to read");
            }
            return config.get();
        });
    }

    @Test // J4
    @SuppressWarnings("NullAway")
    void nullArgumentsAreNamed() {
        Session session = app.session();
        ResourceOpener<AutoCloseable> opener = () -> () -> {
        };
        ResourceKey<AutoCloseable> link = app.resource("link", AutoCloseable.class, opener);
        Map<String, String> nullName = new HashMap<>();
        nullName.put(null, "v");
        assertNamed("name", () -> NamedContext.named(null));
        assertNamed("name", () -> app.key(null, String.class));
        assertNamed("type", () -> app.key("k", null));
        assertNamed("name", () -> app.resource(null, AutoCloseable.class, opener));
        assertNamed("type", () -> app.resource("r", null, opener));
        assertNamed("opener", () -> app.resource("r", AutoCloseable.class, null));
        assertNamed("closer", () -> app.resource("r", AutoCloseable.class, opener, null));
        assertNamed("name", () -> app.proxy(null, Runnable.class));
        assertNamed("type", () -> app.proxy("p", null));
        assertNamed("hook", () -> app.onSessionExit(null));
        assertNamed("key", () -> session.where((ContextKey<String>) null, ""));
        assertNamed("key", () -> session.with((ResourceKey<String>) null, ""));
        assertNamed("instance", () -> session.with(link, null));
        assertNamed("values", () -> session.with(null));
        assertNamed("name", () -> session.with(nullName));
        assertNamed("op", () -> session.run(null));
        assertNamed("op", () -> session.call(null));
    }

    private static void assertNamed(String parameter, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class).hasMessage(parameter);
    }
}
