package dev.scopedcontext.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.ThreadStateCarrier;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the README and of the Javadoc. */
@ExtendWith(CleanThread.class)
class MicrometerExamplesTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final ContextSnapshotFactory factory = ContextSnapshotFactory.builder().build();
    private String seen = "nothing";

    @Test
    void carrier() {
        ThreadLocal<String> locale = ThreadLocal.withInitial(() -> "en");
        ContextRegistry.getInstance().registerThreadLocalAccessor("locale", locale);
        try {
            locale.set("fr");
            // @start region="carrier"
            ThreadStateCarrier micrometer = MicrometerCarrier.of(ContextSnapshotFactory.builder().build());
            ContextSnapshot now = ScopedContext.carrying(micrometer).call(() -> ScopedContext.capture());
            // @end
            locale.set("de");
            now.run(() -> assertThat(locale.get()).isEqualTo("fr"));
            assertThat(locale.get()).isEqualTo("de");
        } finally {
            ContextRegistry.getInstance().removeThreadLocalAccessor("locale");
            locale.remove();
        }
    }

    @Test
    void accessor() {
        // @start region="accessor"
        ContextRegistry.getInstance().registerThreadLocalAccessor(new ScopedContextAccessor());
        // @end
        try {
            Runnable task = ScopedContext.where(USER, "alice")
                    .call(() -> factory.captureAll().wrap(this::look));
            task.run();
            assertThat(seen).isEqualTo("alice");
            assertThat(USER.isBound()).isFalse();
        } finally {
            ContextRegistry.getInstance().removeThreadLocalAccessor(ScopedContextAccessor.KEY);
        }
    }

    private void look() {
        seen = USER.get();
    }
}
