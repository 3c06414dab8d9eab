package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is done when a session is left, and in which order. */
@ExtendWith(CleanThread.class)
class ExitOfSessionTest {

    private final Link.Log log = new Link.Log();
    private final NamedContext request = NamedContext.named("request");
    private final ContextKey<String> user = request.key("user", String.class);
    private final ResourceKey<Link> link = request.resource("link", Link.class, () -> log.open("link"));
    private final IllegalStateException body = new IllegalStateException("body");

    @Test // R16
    void hookRunsAtEveryExitWhileValuesResolve() {
        Runnable proxy = request.proxy("proxied", Runnable.class);
        ContextKey<Runnable> proxied = request.key("proxied", Runnable.class);
        request.onSessionExit(failure -> {
            log.add("exit of " + user.get());
            proxy.run();
        });
        Session session = request.session().where(proxied, () -> log.add("proxied"));
        session.where(user, "outer").run(() -> {
            session.where(user, "inner").run(() -> {
            });
            request.overlay().where(user, "overlay").run(() -> {
            });
            try (Attachment attachment = request.overlay().where(user, "attached").attach()) {
                log.add("attached");
            }
        });
        assertThat(log).containsExactly("exit of inner", "proxied", "exit of overlay", "proxied", "attached",
                "exit of attached", "proxied", "exit of outer", "proxied");
    }

    @Test
    void resourcesAreClosedAfterTheHooksAndTheseRunAfterThoseOfTheBody() {
        request.onSessionExit(failure -> log.add("first hook, open " + link.isOpen()));
        request.onSessionExit(failure -> log.add("second hook"));
        request.session().run(() -> {
            ScopedContext.onExit(failure -> log.add("hook of the body"));
            link.get();
        });
        assertThat(log).containsExactly("open link", "hook of the body", "second hook", "first hook, open true",
                "close link");
    }

    @Test
    void hookMayOpenWhatIsClosedAfterIt() {
        request.onSessionExit(failure -> link.get());
        request.session().run(() -> log.add("body"));
        assertThat(log).containsExactly("body", "open link", "close link");
    }

    @Test
    void hookMayRegisterWhatRunsBeforeOtherHooksAndBeforeResourcesAreClosed() {
        request.onSessionExit(failure -> log.add("first hook"));
        request.onSessionExit(failure -> ScopedContext.onExit(
                same -> log.add("registered, open " + link.isOpen() + ", " + same)));
        request.session().run(link::get);
        assertThatThrownBy(() -> request.session().run(() -> {
            throw body;
        })).isSameAs(body);
        assertThat(log).containsExactly("open link", "registered, open true, null", "first hook", "close link",
                "registered, open false, " + body, "first hook");
    }

    @Test // R16, X4
    void hookGetsTheFailureOrNull() {
        List<@Nullable Object> seen = new ArrayList<>();
        request.onSessionExit(seen::add);
        request.session().run(() -> {
            try {
                throw new IllegalStateException("handled");
            } catch (IllegalStateException handled) {
                log.add(handled.getMessage());
            }
        });
        assertThatThrownBy(() -> request.session().run(() -> {
            throw body;
        })).isSameAs(body);
        assertThat(seen).containsExactly(null, body);
        assertThat(log).containsExactly("handled");
    }

    @Test
    void hookOfAnAttachedSessionIsNotToldOfTheFailureOfTheBody() {
        List<@Nullable Object> seen = new ArrayList<>();
        request.onSessionExit(seen::add);
        assertThatThrownBy(() -> {
            try (Attachment attachment = request.session().attach()) {
                throw body;
            }
        }).isSameAs(body);
        assertThat(seen).hasSize(1).containsOnlyNulls();
    }

    @Test
    void hookOfAnOverlayCanTellThatTheResourcesAreThoseOfASession() {
        request.onSessionExit(failure -> log.add(user.get() + (request.isOverlaid() ? " shares" : " owns")));
        assertThat(request.isOverlaid()).isFalse();
        Session alone = request.overlay().where(user, "overlay of none");
        request.session().where(user, "session").run(() -> {
            request.overlay().where(user, "overlay").run(() -> {
                ScopedContext.capture().run(() -> assertThat(request.isOverlaid()).isTrue());
                request.overlay().where(user, "second").run(() -> log.add("body"));
                request.session().where(user, "inner").run(() -> log.add("body"));
            });
            assertThat(request.isOverlaid()).isFalse();
            alone.run(() -> log.add("body"));
        });
        assertThat(log).containsExactly("body", "second shares", "body", "inner owns", "overlay shares", "body",
                "overlay of none owns", "session owns");
    }

    @Test // R18, X5
    void allHooksAndClosersRunAndTheFailureOfTheBodyComesFirst() {
        IllegalArgumentException hook = new IllegalArgumentException("hook");
        IllegalArgumentException close = new IllegalArgumentException("close");
        log.failToClose(close);
        request.onSessionExit(failure -> log.add("saw " + failure));
        request.onSessionExit(failure -> {
            throw hook;
        });
        assertThatThrownBy(() -> request.session().run(() -> {
            link.get();
            throw body;
        })).isSameAs(body).satisfies(failure -> assertThat(failure.getSuppressed()).containsExactly(hook, close));
        assertThatThrownBy(() -> request.session().run(link::get)).isSameAs(hook)
                .satisfies(failure -> assertThat(failure.getSuppressed()).containsExactly(close));
        assertThat(log).containsExactly("open link", "saw " + body, "close link", "open link", "saw " + hook,
                "close link");
        assertThat(request.isActive()).isFalse();
    }

    @Test
    void hookIsForSessionsThatAreEnteredFromThenOn() {
        request.session().run(() -> {
            request.onSessionExit(failure -> log.add("exit"));
            log.add("body");
        });
        assertThat(log).containsExactly("body");
    }

    @Test
    void overlayIsNotLeftBeforeItsOwnExitHooksAndClosesNothing() {
        request.session().run(() -> {
            request.overlay().run(() -> {
                link.get();
                ScopedContext.onExit(failure -> log.add("overlay " + link.isOpen()));
            });
            log.add("session " + link.isOpen());
        });
        assertThat(log).containsExactly("open link", "overlay true", "session true", "close link");
    }
}
