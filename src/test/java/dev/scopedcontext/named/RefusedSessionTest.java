package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.KeyMirror;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** X3c: a session in pieces ends also where its values cannot be shown any more. */
@ExtendWith(CleanThread.class)
class RefusedSessionTest {

    private final List<String> events = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();

    private final NamedContext request = NamedContext.named("request");
    private final ContextKey<String> user = request.key("user", String.class,
            key -> key.mirror(new Refusing()));
    private final ResourceKey<String> db = request.resource("db", String.class, () -> "db",
            closed -> events.add("close " + closed));

    RefusedSessionTest() {
        request.onSessionExit(failure -> events
                .add((failure == null ? "commit " : "roll back ") + (db.isOpen() ? db.get() : "-") + " of "
                        + user.orElse("nobody")));
    }

    private final class Refusing implements KeyMirror<String> {

        @Override
        public Runnable show(String value) {
            return change("show " + value);
        }

        @Override
        public Runnable hide() {
            return change("hide");
        }

        private Runnable change(String what) {
            if (refused.contains(what)) {
                throw new IllegalStateException(what + " is refused");
            }
            return () -> {
            };
        }
    }

    @Test
    void valuesAreInEffectInHooks() {
        OpenScope session = request.session().where(user, "alice").open();
        session.run(db::get);
        session.close();
        assertThat(events).containsExactly("commit db of alice", "close db");
    }

    @Test
    void hooksRollBackAndResourcesAreClosedWhereAMirrorRefuses() {
        OpenScope session = request.session().where(user, "alice").open();
        session.run(db::get);
        refused.add("show alice");
        assertThatThrownBy(session::close).isInstanceOf(IllegalStateException.class)
                .hasMessage("show alice is refused");
        session.close();
        assertThat(events).containsExactly("roll back db of nobody", "close db");
    }

    @Test
    void refusalIsSuppressedIntoTheFailureOfTheWork() {
        OpenScope session = request.session().where(user, "alice").open();
        session.run(db::get);
        refused.add("show alice");
        Exception work = new Exception("work");
        session.close(work);
        assertThat(events).containsExactly("roll back db of nobody", "close db");
        assertThat(work.getSuppressed()).singleElement().hasToString(
                "java.lang.IllegalStateException: show alice is refused");
    }

    /** Nothing of another session reaches the hooks. */
    @Test
    void hooksDoNotSeeTheValuesOfASessionThatIsCurrentWhereThisOneEnds() {
        OpenScope session = request.session().where(user, "alice").open();
        session.run(db::get);
        refused.add("show alice");
        NamedContext other = NamedContext.named("other");
        other.session().run(() -> ScopedContext.where(user, "bob")
                .run(() -> assertThatThrownBy(session::close).hasMessage("show alice is refused")));
        assertThat(events).containsExactly("roll back db of nobody", "close db");
    }

    @Test
    void resourcesAreClosedWhereNothingCanBeHiddenEither() {
        OpenScope session = request.session().where(user, "alice").open();
        session.run(db::get);
        refused.addAll(Set.of("show alice", "hide"));
        ScopedContext.where(user, "bob")
                .run(() -> assertThatThrownBy(session::close).hasMessage("show alice is refused")
                        .satisfies(failure -> assertThat(failure.getSuppressed()).singleElement()
                                .hasToString("java.lang.IllegalStateException: hide is refused")));
        assertThat(events).hasSize(2).endsWith("close db");
    }

    @Test
    void sameFailureOfAHookOfTheOpenerAndOfTheCloserIsThrownOnce() {
        IllegalStateException shared = new IllegalStateException("shared");
        ResourceKey<Object> unkept = request.resource("unkept", Object.class, () -> {
            ScopedContext.onExit(failure -> {
                throw shared;
            });
            return new Object();
        }, closed -> {
            events.add("closed");
            throw shared;
        });
        assertThatThrownBy(() -> request.session().run(unkept::get)).isSameAs(shared);
        assertThat(shared.getSuppressed()).isEmpty();
        assertThat(events).startsWith("closed");
    }
}
