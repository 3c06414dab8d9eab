package dev.scopedcontext.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.TaskScopes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the README and of the Javadoc. */
@ExtendWith(CleanThread.class)
class OpenTelemetryExamplesTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final Spans spans = new Spans();

    @Test
    void carrier() throws Exception {
        spans.in("request", () -> {
            // @start region="carrier"
            String page = ScopedContext.where(USER, "alice").carrying(OpenTelemetryCarrier.current())
                    .call(() -> TaskScopes.par(() -> header(), () -> body(), String::concat));
            // @end
            return page;
        });
        assertThat(spans.tree()).containsExactlyInAnyOrder("header < request", "body < request", "request < -");
        spans.close();
    }

    private String header() {
        return spans.leaf("header");
    }

    private String body() {
        return spans.leaf("body");
    }
}
