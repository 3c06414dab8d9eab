package dev.scopedcontext.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.micrometer.ScopedContextAccessor;
import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.DeadlineExceededException;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Micrometer's observations used with this library: no observation may stay on a thread because of it. */
class ObservationsTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final ObservationRegistry observations = ObservationRegistry.create();
    private final ContextRegistry registry = new ContextRegistry()
            .registerThreadLocalAccessor(new ObservationThreadLocalAccessor(observations))
            .registerThreadLocalAccessor(new ScopedContextAccessor());
    private final ContextSnapshotFactory factory = ContextSnapshotFactory.builder().contextRegistry(registry).build();
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    ObservationsTest() {
        observations.observationConfig().observationHandler(context -> true);
    }

    @AfterEach
    void shutdown() {
        pool.shutdown();
    }

    private Runnable captured(String observation, Deadline deadline, Runnable task) {
        try (Observation.Scope scope = Observation.start(observation, observations).openScope()) {
            return ScopedContext.where(USER, "alice").where(Deadline.KEY, deadline)
                    .call(() -> factory.captureAll().wrap(task));
        }
    }

    private @Nullable String current() {
        Observation current = observations.getCurrentObservation();
        return current == null ? null : current.getContext().getName();
    }

    private String onThePool() throws Exception {
        return pool.submit(() -> current() + " " + USER.orElse(null)).get();
    }

    @Test
    void aTaskSeesBoth() throws Exception {
        String[] seen = new String[1];
        pool.submit(captured("alice's request", Deadline.never(), () -> seen[0] = current() + ", " + USER.get())).get();
        assertThat(seen).containsExactly("alice's request, alice");
        assertThat(onThePool()).isEqualTo("null null");
    }

    @Test
    void aTaskThatIsTooLateLeavesNoObservation() throws Exception {
        Future<?> late = pool.submit(captured("alice's request", Deadline.after(Duration.ZERO), USER::get));
        assertThatThrownBy(late::get).hasCauseInstanceOf(DeadlineExceededException.class);
        assertThat(onThePool()).isEqualTo("null null");
    }

    @Test
    void aHookThatFailsLeavesNoObservation() throws Exception {
        try (LogLines log = LogLines.capture()) {
            pool.submit(captured("alice's request", Deadline.never(), () -> ScopedContext.onExit(failure -> {
                throw new IllegalStateException("hook");
            }))).get();
            assertThat(log.messages()).hasSize(1);
        }
        assertThat(onThePool()).isEqualTo("null null");
    }
}
