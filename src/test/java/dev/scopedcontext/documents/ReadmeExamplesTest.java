package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.KeyMirror;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.ThreadStateCarrier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the README and of the Javadoc, which show what stands between {@code @start} and {@code @end}. */
@ExtendWith(CleanThread.class)
class ReadmeExamplesTest {

    record User(String name) {
    }

    record Request(User user, Locale locale) {
    }

    static class NotLoggedIn extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** The first example: a class of its own, as a reader would write it. */
    // @start region="quick-start"
    static class Greetings {

        static final ContextKey<User> USER = ContextKey.named("user");
        static final ContextKey<Locale> LOCALE = ContextKey.withDefault("locale", Locale.ROOT);

        String serve(Request request) {
            return ScopedContext.where(USER, request.user()).where(LOCALE, request.locale()).call(this::page);
        }

        String page() { // no parameters: whatever runs for the request sees who asks, and in which language
            return (LOCALE.get() == Locale.FRENCH ? "Bonjour " : "Hello ") + USER.get().name();
        }
    }
    // @end

    // @start region="key"
    static final ContextKey<User> USER = ContextKey.named("user");
    static final ContextKey<Locale> LOCALE = ContextKey.withDefault("locale", Locale.ROOT);
    // @end

    final User alice = new User("alice");
    final List<String> log = new ArrayList<>();

    String handle() {
        return USER.get().name() + " " + LOCALE.get();
    }

    @Test
    void quickStart() {
        assertThat(new Greetings().serve(new Request(alice, Locale.FRENCH))).isEqualTo("Bonjour alice");
    }

    @Test
    void reading() {
        ScopedContext.where(USER, alice).run(() -> {
            // @start region="read"
            User user = USER.get(); // or the key's default, or an UnboundContextException that names the key
            User orNobody = USER.orElse(null);
            User orRefused = USER.orElseThrow(NotLoggedIn::new);
            String name = USER.find().map(User::name).orElse("nobody");
            boolean bound = USER.isBound();
            // @end
            assertThat(List.of(user, orNobody, orRefused)).containsOnly(alice);
            assertThat(name).isEqualTo("alice");
            assertThat(bound).isTrue();
        });
    }

    @Test
    void bindings() {
        // @start region="bindings"
        Bindings french = ScopedContext.where(USER, alice).where(LOCALE, Locale.FRENCH);
        french.run(() -> handle());
        String page = french.call(() -> handle());
        // @end
        assertThat(page).isEqualTo("alice fr");
    }

    @Test
    void attach() {
        // @start region="attach"
        try (Attachment attached = ScopedContext.where(USER, alice).attach()) {
            handle();
        }
        // @end
        assertThat(USER.isBound()).isFalse();
    }

    @Test
    void twoCheckedExceptions() throws Exception {
        assertThat(reload(false)).isEqualTo("alice ");
    }

    // @start region="two-exceptions"
    String reload(boolean late) throws IOException, TimeoutException {
        try (Attachment attached = ScopedContext.where(USER, alice).attach()) {
            if (late) {
                throw new TimeoutException("reload");
            }
            return read();
        }
    }
    // @end

    String read() throws IOException {
        return handle();
    }

    @Test
    void capture() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Future<String> page = ScopedContext.where(USER, alice).call(() -> {
            // @start region="capture"
            ContextSnapshot now = ScopedContext.capture();
            Future<String> result = executor.submit(now.wrap(() -> handle()));
            // @end
            return result;
        });
        assertThat(page.get()).isEqualTo("alice ");
        executor.shutdown();
    }

    @Test
    void onExit() {
        List<String> transaction = log;
        ScopedContext.where(USER, alice).run(() -> {
            // @start region="on-exit"
            ScopedContext.onExit(failure -> transaction.add(failure == null ? "commit" : "roll back"));
            // @end
        });
        assertThat(transaction).containsExactly("commit");
    }

    // @start region="hand-off"
    static final ContextKey<StringBuilder> NOTES = ContextKey.<StringBuilder>builder("notes")
            .handOff(HandOff.copy(StringBuilder::new))
            .build();
    static final ContextKey<String> PASSWORD = ContextKey.<String>builder("password")
            .handOff(HandOff.drop())
            .build();
    // @end

    @Test
    void handOff() {
        StringBuilder notes = new StringBuilder("seen");
        ScopedContext.where(NOTES, notes).where(PASSWORD, "secret").run(() -> ScopedContext.capture().run(() -> {
            assertThat(PASSWORD.isBound()).isFalse();
            NOTES.get().append(" and changed");
        }));
        assertThat(notes).hasToString("seen");
    }

    /** What a logging library calls its diagnostic context. */
    static final class Diagnostics {

        static final ThreadLocal<Map<String, String>> ENTRIES = ThreadLocal.withInitial(HashMap::new);

        static String get(String name) {
            return ENTRIES.get().get(name);
        }

        static void set(String name, String value) {
            if (value == null) {
                ENTRIES.get().remove(name);
            } else {
                ENTRIES.get().put(name, value);
            }
        }
    }

    // @start region="mirror"
    static final class UserName implements KeyMirror<User> {

        @Override
        public Runnable show(User user) {
            return set(user.name());
        }

        @Override
        public Runnable hide() {
            return set(null);
        }

        private static Runnable set(String name) {
            String before = Diagnostics.get("user");
            Diagnostics.set("user", name);
            return () -> Diagnostics.set("user", before);
        }
    }

    static final ContextKey<User> LOGGED = ContextKey.<User>builder("user").mirror(new UserName()).build();
    // @end

    @Test
    void mirror() {
        ScopedContext.where(LOGGED, alice).run(() -> {
            assertThat(Diagnostics.get("user")).isEqualTo("alice");
            ContextSnapshot.empty().run(() -> assertThat(Diagnostics.get("user")).isNull());
        });
        assertThat(Diagnostics.get("user")).isNull();
    }

    @Test
    void carrier() {
        ThreadLocal<String> traceId = new ThreadLocal<>();
        // @start region="carrier"
        ThreadStateCarrier tracing = () -> {
            String captured = traceId.get();
            return () -> {
                String before = traceId.get();
                traceId.set(captured);
                return () -> traceId.set(before);
            };
        };
        // @end
        traceId.set("t1");
        // @start region="carrying"
        ContextSnapshot now = ScopedContext.where(USER, alice).carrying(tracing).call(() -> ScopedContext.capture());
        // @end
        traceId.set("t2");
        now.run(() -> assertThat(traceId.get()).isEqualTo("t1"));
        assertThat(traceId.get()).isEqualTo("t2");
        traceId.remove();
    }
}
