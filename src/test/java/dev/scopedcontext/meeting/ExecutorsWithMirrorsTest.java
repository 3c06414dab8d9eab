package dev.scopedcontext.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Shown;
import dev.scopedcontext.support.Way;
import dev.scopedcontext.support.Worker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mirrors, on every way from one thread to another. */
@ExtendWith(CleanThread.class)
class ExecutorsWithMirrorsTest {

    private final Shown mirror = new Shown();
    private final Shown second = new Shown();
    private final ContextKey<String> user = ContextKey.<String>builder("user").mirror(mirror).mirror(second).build();
    private final ContextKey<String> tenant = ContextKey.named("tenant");
    private final List<Object> seen = new ArrayList<>();

    static List<Way> ways() {
        return Way.all();
    }

    static List<Way> strictWays() {
        return Way.strict();
    }

    static List<Way> lenientWays() {
        return Way.lenient();
    }

    @AfterEach
    void nothingIsShownHere() {
        assertThat(mirror.value.get()).isNull();
        assertThat(second.value.get()).isNull();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void valueIsShownAgainOnTheWorker(Way way) {
        try (Worker worker = new Worker(way.kind())) {
            ScopedContext.where(user, "alice").run(() -> way.run(worker, this::look));
            assertThat(seen).containsExactly("alice", "alice");
            assertThat(shownBy(worker)).isEqualTo("null, null");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatWasShownOnTheWorkerIsPutBackExactly(Way way) {
        try (Worker worker = new Worker(way.kind())) {
            shows(worker, "of the worker");
            ScopedContext.where(user, "alice").run(() -> way.run(worker, this::look));
            assertThat(seen).containsExactly("alice", "alice");
            assertThat(shownBy(worker)).isEqualTo("of the worker, null");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void valueOfTheWorkerIsHiddenWhereNoneWasCaptured(Way way) {
        try (Worker worker = new Worker(way.kind(), ScopedContext.where(user, "bob"))) {
            ScopedContext.where(tenant, "acme").run(() -> way.run(worker, this::look));
            assertThat(seen).hasSize(2).containsOnlyNulls();
            assertThat(shownBy(worker)).isEqualTo("bob, bob");
        }
    }

    @ParameterizedTest
    @MethodSource("strictWays")
    void failureToShowIsThrownAndTheBodyDoesNotRun(Way way) {
        IllegalStateException failure = new IllegalStateException("show");
        try (Worker worker = new Worker(way.kind())) {
            shows(worker, "of the worker");
            ScopedContext.where(user, "alice").run(() -> {
                second.failsToShow.set(failure);
                assertThatThrownBy(() -> way.run(worker, this::look)).isSameAs(failure);
            });
            assertThat(seen).isEmpty();
            assertThat(shownBy(worker)).isEqualTo("of the worker, null");
        }
    }

    @ParameterizedTest
    @MethodSource("lenientWays")
    void failureToShowIsThrownAfterTheBodyIfNobodyWouldBeToldOtherwise(Way way) {
        IllegalStateException failure = new IllegalStateException("show");
        try (Worker worker = new Worker(way.kind())) {
            shows(worker, "of the worker");
            ScopedContext.where(user, "alice").run(() -> {
                second.failsToShow.set(failure);
                assertThatThrownBy(() -> way.run(worker, () -> seen.add(user.get()))).isSameAs(failure);
            });
            assertThat(seen).containsExactly("alice");
            assertThat(shownBy(worker)).isEqualTo("of the worker, null");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failureToRestoreIsThrownAfterAllElseIsPutBack(Way way) {
        IllegalStateException failure = new IllegalStateException("restore");
        try (Worker worker = new Worker(way.kind())) {
            shows(worker, "of the worker");
            ScopedContext.where(user, "alice").run(() -> {
                second.failsToRestore.set(failure);
                assertThatThrownBy(() -> way.run(worker, this::look)).isSameAs(failure);
                second.failsToRestore.set(null);
            });
            assertThat(seen).containsExactly("alice", "alice");
            assertThat(shownBy(worker)).isEqualTo("of the worker, null");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failureToRestoreIsSuppressedIntoTheBodys(Way way) {
        IllegalStateException body = new IllegalStateException("body");
        IllegalStateException restore = new IllegalStateException("restore");
        try (Worker worker = new Worker(way.kind())) {
            ScopedContext.where(user, "alice").run(() -> {
                mirror.failsToRestore.set(restore);
                assertThatThrownBy(() -> way.run(worker, () -> {
                    throw body;
                })).isSameAs(body).satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(restore));
                mirror.failsToRestore.set(null);
            });
            assertThat(shownBy(worker)).isEqualTo("null, null");
        }
    }

    private void look() {
        seen.add(mirror.value.get());
        seen.add(second.value.get());
    }

    private void shows(Worker worker, String text) {
        Worker.get(worker.submit(() -> mirror.value.set(text)));
    }

    private String shownBy(Worker worker) {
        return Worker.get(worker.submit(() -> mirror.value.get() + ", " + second.value.get()));
    }
}
