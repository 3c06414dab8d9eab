package dev.scopedcontext.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.task.CancelledByTimeoutException;
import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.DeadlineExceededException;
import dev.scopedcontext.task.TaskScopes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/guide/deadlines.md. */
@ExtendWith(CleanThread.class)
class DeadlinesPageTest {

    // @start region="bind"
    static List<String> pages(List<String> names) throws Exception {
        return Deadline.within(Duration.ofSeconds(2))
                .call(() -> TaskScopes.mapConcurrent(names, 10, name -> page(name)));
    }

    static String page(String name) {
        return "page of " + name + ", time left: " + Deadline.current().remaining();
    }
    // @end

    @Test
    void bind() throws Exception {
        assertThat(pages(List.of("alice"))).singleElement().asString().startsWith("page of alice, time left: PT1.");
    }

    @Test
    void at() {
        // @start region="at"
        Deadline deadline = Deadline.at(Instant.now().plusSeconds(2));
        ScopedContext.where(Deadline.KEY, deadline).run(() -> System.out.println(page("alice")));
        // @end
    }

    @Test
    void theTableOfMethods() {
        Deadline.within(Duration.ofSeconds(-1)).run(() -> {
            assertThat(Deadline.current().isExpired()).isTrue();
            assertThat(Deadline.current().remaining()).isZero();
        });
        assertThat(Deadline.current()).isSameAs(Deadline.never());
        assertThat(Deadline.never().toTimeout()).isNull();
        assertThat(Deadline.ofTimeout("1500m").remaining()).isPositive().isLessThanOrEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void theEarliestIsInEffect() {
        Deadline.within(Duration.ofSeconds(2)).run(() -> Deadline.within(Duration.ofHours(1)).run(
                () -> assertThat(Deadline.current().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(2))));
    }

    @Test
    void theListOfEffects() {
        ExecutorService executor = ContextExecutors.propagating(Executors.newSingleThreadExecutor());
        Deadline.within(Duration.ofSeconds(-1)).run(() -> {
            assertThatThrownBy(() -> pages(List.of("alice"))).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(CancelledByTimeoutException.class);
            assertThatThrownBy(() -> executor.submit(() -> page("alice")).get()).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(DeadlineExceededException.class);
        });
        executor.shutdown();
    }

    // @start region="background"
    static void audit(Executor executor, String entry) {
        ScopedContext.without(Deadline.KEY).run(() -> executor.execute(() -> System.out.println(entry)));
    }
    // @end

    @Test
    void background() {
        Deadline.within(Duration.ofSeconds(2)).run(() -> audit(
                task -> assertThat(Deadline.current()).isSameAs(Deadline.never()), "entry"));
    }
}
