package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.KeyMirror;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.ThreadStateCarrier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/hand-offs.md. */
@ExtendWith(CleanThread.class)
class HandOffsPageTest {

    // @start region="hand-off"
    static final ContextKey<StringBuilder> NOTES = ContextKey.<StringBuilder>builder("notes")
            .handOff(HandOff.copy(StringBuilder::new))
            .build();
    static final ContextKey<String> PASSWORD = ContextKey.<String>builder("password")
            .handOff(HandOff.drop())
            .build();
    static final ContextKey<List<String>> REPORT = ContextKey.<List<String>>builder("report")
            .handOff(HandOff.perTask(ofCaller -> new ArrayList<>(), ofTask -> System.out.println("report: " + ofTask)))
            .build();
    // @end

    @Test
    void handOff() {
        StringBuilder notes = new StringBuilder("seen");
        List<String> report = new ArrayList<>(List.of("begun"));
        ScopedContext.where(NOTES, notes).where(PASSWORD, "secret").where(REPORT, report)
                .run(() -> ScopedContext.capture().run(() -> {
                    assertThat(PASSWORD.isBound()).isFalse();
                    NOTES.get().append(" and changed");
                    assertThat(REPORT.get()).isEmpty();
                    REPORT.get().add("task");
                }));
        assertThat(notes).hasToString("seen");
        assertThat(report).containsExactly("begun");
    }

    // @start region="mirror"
    static final ThreadLocal<String> LOGGED_USER = new ThreadLocal<>();

    /** Shows the user in the thread-local variable of a logging library. */
    static final class LoggedUser implements KeyMirror<String> {

        @Override
        public Runnable show(String user) {
            return set(user);
        }

        @Override
        public Runnable hide() {
            return set(null);
        }

        private static Runnable set(String user) {
            String before = LOGGED_USER.get();
            Runnable restore = () -> LOGGED_USER.set(before);
            LOGGED_USER.set(user);
            return restore;
        }
    }

    static final ContextKey<String> LOGGED = ContextKey.<String>builder("user").mirror(new LoggedUser()).build();
    // @end

    @Test
    void mirror() {
        ScopedContext.where(LOGGED, "alice").run(() -> {
            assertThat(LOGGED_USER.get()).isEqualTo("alice");
            ContextSnapshot.empty().run(() -> assertThat(LOGGED_USER.get()).isNull());
        });
        assertThat(LOGGED_USER.get()).isNull();
        LOGGED_USER.remove();
    }

    // @start region="carrier"
    static final ThreadLocal<String> TRACE_ID = new ThreadLocal<>();

    /** Carries the trace id of a tracing library. */
    static final ThreadStateCarrier TRACING = () -> {
        String captured = TRACE_ID.get();
        return () -> {
            String before = TRACE_ID.get();
            Runnable restore = () -> TRACE_ID.set(before);
            TRACE_ID.set(captured);
            return restore;
        };
    };
    // @end

    @Test
    void carrier() {
        TRACE_ID.set("t1");
        // @start region="carrying"
        ContextSnapshot traced = ScopedContext.where(LOGGED, "alice").carrying(TRACING)
                .call(() -> ScopedContext.capture());
        // @end
        TRACE_ID.set("t2");
        traced.run(() -> assertThat(TRACE_ID.get()).isEqualTo("t1"));
        assertThat(TRACE_ID.get()).isEqualTo("t2");
        TRACE_ID.remove();
    }
}
