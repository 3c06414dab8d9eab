package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.KeyMirror;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two failures that are one object: that one is thrown, and suppresses nothing. All steps happen. */
@ExtendWith(CleanThread.class)
class SameFailureTest {

    private final IllegalStateException shared = new IllegalStateException("shared");

    private final List<String> events = new ArrayList<>();
    private final NamedContext request = NamedContext.named("request");

    /** Whether values can be shown. */
    private boolean refused;

    private final ContextKey<String> user = request.key("user", String.class, key -> key.mirror(new Refusing()));
    private final ResourceKey<String> below = failing("below");
    private final ResourceKey<String> db = failing("db");
    private final ResourceKey<String> own = failing("own").perTask();

    private ResourceKey<String> failing(String name) {
        return request.resource(name, String.class, () -> name, closed -> {
            events.add("close " + name);
            throw shared;
        });
    }

    private final class Refusing implements KeyMirror<String> {

        @Override
        public Runnable show(String value) {
            if (refused) {
                throw shared;
            }
            return () -> {
            };
        }

        @Override
        public Runnable hide() {
            return () -> {
            };
        }
    }

    private void addFailingHooks() {
        for (String name : List.of("first", "second")) {
            request.onSessionExit(failure -> {
                events.add(name + " hook");
                throw shared;
            });
        }
    }

    private void use() {
        below.get();
        db.get();
    }

    private void assertIsThrownAlone(Throwable thrown) {
        assertThat(thrown).isSameAs(shared);
        assertThat(shared.getSuppressed()).isEmpty();
        assertThat(shared.getCause()).isNull();
    }

    /** How a session is entered and left. */
    enum Way {
        RUN, ATTACH, OPEN;

        void enter(Session session, Runnable body) {
            switch (this) {
                case RUN -> session.run(body);
                case ATTACH -> {
                    try (var attachment = session.attach()) {
                        body.run();
                    }
                }
                case OPEN -> {
                    OpenScope scope = session.open();
                    scope.run(body);
                    scope.close();
                }
                default -> throw new AssertionError(this);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoClosers(Way way) {
        assertIsThrownAlone(catchThrowable(() -> way.enter(request.session(), this::use)));
        assertThat(events).containsExactly("close db", "close below");
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoHooksAndACloser(Way way) {
        addFailingHooks();
        assertIsThrownAlone(catchThrowable(() -> way.enter(request.session(), db::get)));
        assertThat(events).containsExactly("second hook", "first hook", "close db");
    }

    @Test
    void ofTheBodyHooksAndClosers() {
        addFailingHooks();
        assertIsThrownAlone(catchThrowable(() -> request.session().run(() -> {
            use();
            throw shared;
        })));
        assertThat(events).containsExactly("second hook", "first hook", "close db", "close below");
    }

    @Test
    void ofTheWorkHooksAndClosersOfAnOpenSession() {
        addFailingHooks();
        OpenScope session = request.session().open();
        session.run(this::use);
        session.close(shared);
        assertIsThrownAlone(shared);
        assertThat(events).containsExactly("second hook", "first hook", "close db", "close below");
    }

    @Test
    void ofAMirrorThatRefusesTheEndHooksAndClosers() {
        addFailingHooks();
        OpenScope session = request.session().where(user, "alice").open();
        session.run(this::use);
        refused = true;
        assertIsThrownAlone(catchThrowable(session::close));
        assertThat(events).containsExactly("second hook", "first hook", "close db", "close below");
    }

    @Test
    void ofTheOpenerItsHookAndTheBody() {
        ResourceKey<String> broken = request.resource("broken", String.class, () -> {
            ScopedContext.onExit(failure -> {
                throw shared;
            });
            throw shared;
        }, closed -> events.add("closed"));
        assertIsThrownAlone(catchThrowable(() -> request.session().run(() -> {
            db.get();
            broken.get();
        })));
        assertThat(events).containsExactly("close db");
    }

    @Test
    void ofAHookOfTheOpenerAndOfTheCloser() {
        ResourceKey<String> unkept = request.resource("unkept", String.class, () -> {
            ScopedContext.onExit(failure -> {
                throw shared;
            });
            return "unkept";
        }, closed -> {
            events.add("close " + closed);
            throw shared;
        });
        assertIsThrownAlone(catchThrowable(() -> request.session().run(unkept::get)));
        assertThat(events).containsExactly("close unkept");
    }

    @Test
    void ofATaskAndItsOwnCloser() {
        request.session().run(() -> {
            Runnable task = ScopedContext.capture().wrap((Runnable) () -> {
                own.get();
                throw shared;
            });
            assertIsThrownAlone(catchThrowable(task::run));
        });
        assertThat(events).containsExactly("close own");
    }

    @Test
    void ofAPieceAndItsOwnCloser() throws Exception {
        OpenScope session = request.session().open();
        Throwable thrown = OnThread.call(Thread::new, () -> catchThrowable(() -> session.run(() -> {
            own.get();
            throw shared;
        })));
        assertIsThrownAlone(thrown);
        session.close();
        assertThat(events).containsExactly("close own");
    }
}
