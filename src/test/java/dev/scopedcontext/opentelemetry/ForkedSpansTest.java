package dev.scopedcontext.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScope;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.context.SettableContextStorageProvider;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tree of the spans of a forked request: carried, and with OpenTelemetry's context kept in ours. */
@OnEachEngine
class ForkedSpansTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final Spans spans = new Spans();

    @AfterEach
    void nothingIsCurrent() {
        Context left = Context.current();
        SettableContextStorageProvider.setContextStorage(io.opentelemetry.context.ContextStorage.defaultStorage());
        spans.close();
        assertThat(left).isSameAs(Context.root());
    }

    @Test
    void carriedSpansAreTheParentsOfThoseOfSubtasks() throws Exception {
        serve(ScopedContext.where(USER, "alice").carrying(OpenTelemetryCarrier.current()));
        assertParents();
    }

    @Test
    void spansKeptInOurContextAreTheParentsOfThoseOfSubtasks() throws Exception {
        SettableContextStorageProvider.setContextStorage(new ScopedContextStorage());
        serve(ScopedContext.where(USER, "alice"));
        assertParents();
    }

    @Test
    void withNeitherSubtasksHaveNoParents() throws Exception {
        serve(ScopedContext.where(USER, "alice"));
        assertThat(spans.tree()).contains("header < -", "items < -", "audit < -", "after < request");
    }

    private void serve(Bindings bindings) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        ExecutorService executor = ContextExecutors.propagating(thread);
        bindings.<String, Exception>call(() -> spans.in("request", () -> {
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(() -> spans.leaf("header"));
                scope.fork(() -> spans.in("body", () -> {
                    try (var inner = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                        inner.fork(() -> spans.leaf("items"));
                        inner.fork(() -> spans.leaf("total"));
                        return inner.join().toString();
                    }
                }));
                assertThat(scope.join()).containsExactly("header", "[items, total]");
            }
            executor.submit(() -> spans.leaf("audit")).get();
            return spans.leaf("after");
        }));
        thread.submit(() -> spans.leaf("unrelated")).get();
        thread.shutdown();
    }

    private void assertParents() {
        assertThat(spans.tree()).containsExactlyInAnyOrder("request < -", "header < request", "body < request",
                "items < body", "total < body", "audit < request", "after < request", "unrelated < -");
    }
}
