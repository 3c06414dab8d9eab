package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.support.OnThread;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

/** Values of sessions whose keys have a mirror, a hand-off, a default or nesting. */
@ExtendWith(CleanThread.class)
class ConfiguredKeyTest {

    private final NamedContext request = NamedContext.named("request");
    private final ContextKey<String> id = request.key("id", String.class,
            key -> key.mirror(MdcMirror.to("requestId")).withDefault("none"));
    private final ContextKey<String> path = request.key("path", String.class,
            key -> key.nesting((outer, inner) -> outer + "/" + inner));

    private static @Nullable String shown() {
        return MDC.get("requestId");
    }

    @Test
    void mirrorShowsTheValueOfTheInnermostSession() throws Exception {
        request.session().where(id, "outer").<Void, Exception>call(() -> {
            assertThat(shown()).isEqualTo("outer");
            request.session().where(id, "inner").run(() -> assertThat(shown()).isEqualTo("inner"));
            request.session().run(() -> {
                assertThat(shown()).isNull();
                assertThat(id.get()).isEqualTo("none");
            });
            request.overlay().where(path, "a").run(() -> assertThat(shown()).isEqualTo("outer"));
            ContextSnapshot here = ScopedContext.capture();
            OnThread.run(() -> here.run(() -> assertThat(shown()).isEqualTo("outer")));
            return null;
        });
        assertThat(shown()).isNull();
    }

    @Test
    void mirrorShowsTheValueOfAnOpenSessionInItsPieces() {
        OpenScope session = request.session().where(id, "open").open();
        ScopedContext.where(id, "around").run(() -> {
            session.run(() -> assertThat(shown()).isEqualTo("open"));
            assertThat(shown()).isEqualTo("around");
        });
        session.close();
    }

    @Test
    void handOffOfAKeyAppliesToSessions() throws Exception {
        ContextKey<String> secret = request.key("secret", String.class, key -> key.handOff(HandOff.drop()));
        ContextKey<StringBuilder> log = request.key("log", StringBuilder.class,
                key -> key.handOff(HandOff.copy(StringBuilder::new)));
        StringBuilder original = new StringBuilder("a");
        request.session().where(secret, "s").where(log, original).call(() -> {
            assertThat(secret.get()).isEqualTo("s");
            Runnable task = ScopedContext.capture().wrap((Runnable) () -> {
                assertThat(secret.isBound()).isFalse();
                log.get().append("b");
            });
            OnThread.run(task::run);
            return null;
        });
        assertThat(original).hasToString("a");
    }

    @Test
    void valuesThatNestAreCombinedInOneSession() {
        request.session().where(path, "a").where(path, "b").run(() -> {
            assertThat(path.get()).isEqualTo("a/b");
            ScopedContext.where(path, "c").run(() -> assertThat(path.get()).isEqualTo("a/b/c"));
        });
        request.session().with(Map.of("path", "m")).where(path, "n")
                .run(() -> assertThat(path.get()).isEqualTo("m/n"));
    }

    @Test // R5
    void valuesThatNestAreNotCombinedWithThoseOfASessionAround() {
        request.session().where(path, "outer").run(() -> {
            request.session().where(path, "inner").run(() -> assertThat(path.get()).isEqualTo("inner"));
            try (OpenScope open = request.session().where(path, "open").open()) {
                open.run(() -> open.run(() -> assertThat(path.get()).isEqualTo("open")));
            }
            try (var attachment = request.session().where(path, "attached").attach()) {
                assertThat(path.get()).isEqualTo("attached");
            }
            assertThat(path.get()).isEqualTo("outer");
        });
    }

    @Test // R6, R7
    void overlayAddsToTheValuesThatItHasCopied() {
        Session overlay = request.session().where(path, "a").call(() -> request.overlay());
        request.session().where(path, "elsewhere").run(() -> {
            overlay.run(() -> assertThat(path.get()).isEqualTo("a"));
            overlay.where(path, "b").run(() -> assertThat(path.get()).isEqualTo("a/b"));
        });
        request.session().where(path, "a").run(() -> request.overlay().where(path, "b").run(() -> {
            assertThat(path.get()).isEqualTo("a/b");
            request.overlay().run(() -> assertThat(path.get()).isEqualTo("a/b"));
        }));
    }
}
