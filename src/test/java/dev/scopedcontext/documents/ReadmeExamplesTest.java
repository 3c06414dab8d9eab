package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.ThreadStateCarrier;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the Javadoc of the root: the code between {@code @start} and {@code @end}. */
@ExtendWith(CleanThread.class)
class ReadmeExamplesTest {

    record User(String name) {
    }

    // @start region="key"
    static final ContextKey<User> USER = ContextKey.named("user");
    static final ContextKey<Locale> LOCALE = ContextKey.withDefault("locale", Locale.ROOT);
    // @end

    final User alice = new User("alice");

    String handle() {
        return USER.get().name() + " " + LOCALE.get();
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
        ContextSnapshot now = ScopedContext.where(USER, alice).carrying(tracing).call(() -> ScopedContext.capture());
        traceId.set("t2");
        now.run(() -> assertThat(traceId.get()).isEqualTo("t1"));
        assertThat(traceId.get()).isEqualTo("t2");
        traceId.remove();
    }
}
