package dev.scopedcontext.task;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The examples of the Javadoc: what stands between {@code @start} and {@code @end} is shown there. */
@OnEachEngine
class TaskExamplesTest {

    static final ContextKey<String> USER = ContextKey.named("user");

    String header() {
        return "Hello " + USER.get();
    }

    String body() {
        return "Your orders";
    }

    String page() throws ExecutionException, InterruptedException {
        // @start region="quick-start"
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow(),
                c -> c.withName("page").withTimeout(ofSeconds(2)))) {
            scope.fork(() -> header());
            scope.fork(() -> body());
            List<String> parts = scope.join();
            return String.join("\n", parts);
        }
        // @end
    }

    @Test
    void quickStart() throws Exception {
        String page = ScopedContext.where(USER, "Alice").call(this::page);
        assertThat(page).isEqualTo("Hello Alice\nYour orders");
    }

    @Test
    void deadline() throws Exception {
        // @start region="deadline"
        String page = Deadline.within(ofSeconds(2)).where(USER, "Alice").call(() -> {
            Duration left = Deadline.current().remaining();
            assertThat(left).isPositive().isLessThanOrEqualTo(ofSeconds(2));
            return page();
        });
        // @end
        assertThat(page).startsWith("Hello Alice");
    }

    @Test
    void ready() throws Exception {
        ScopedContext.where(USER, "Alice").call(() -> {
            // @start region="ready"
            List<Integer> lengths = TaskScopes.mapConcurrent(List.of("a", "bb", "ccc"), 2, String::length);
            String fastest = TaskScopes.race(() -> header(), () -> body());
            String page = TaskScopes.par(() -> header(), () -> body(), (header, body) -> header + "\n" + body);
            // @end
            assertThat(lengths).containsExactly(1, 2, 3);
            assertThat(fastest).isIn(header(), body());
            assertThat(page).isEqualTo("Hello Alice\nYour orders");
            return null;
        });
    }
}
