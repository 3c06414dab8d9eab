package dev.scopedcontext.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.ThreadStateCarrier;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.support.Way;
import dev.scopedcontext.support.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Carriers of other libraries' thread-local state, on every way from one thread to another. */
@ExtendWith(CleanThread.class)
class ExecutorsWithCarriersTest {

    private final ThreadLocal<@Nullable String> foreign = new ThreadLocal<>();
    private final AtomicReference<@Nullable RuntimeException> failsToRestore = new AtomicReference<>();
    private final List<@Nullable String> seen = new ArrayList<>();

    private final ThreadStateCarrier carrier = () -> {
        String captured = foreign.get();
        return () -> {
            String before = foreign.get();
            foreign.set(captured);
            return () -> {
                foreign.set(before);
                Failures.throwIfAny(failsToRestore.get());
            };
        };
    };

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
    void forget() {
        foreign.remove();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void stateIsTakenAlongAndThatOfTheWorkerPutBack(Way way) {
        try (Worker worker = worker(way)) {
            foreign.set("here");
            ScopedContext.carrying(carrier).run(() -> way.run(worker, () -> seen.add(foreign.get())));
            assertThat(seen).containsExactly("here");
            assertThat(foreign.get()).isEqualTo("here");
            assertThat(stateOf(worker)).isEqualTo("of the worker");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void stateIsThatOfTheTimeOfTheHandOver(Way way) {
        try (Worker worker = worker(way)) {
            foreign.set("on entry");
            ScopedContext.carrying(carrier).run(() -> {
                foreign.set("at the hand-over");
                way.run(worker, () -> seen.add(foreign.get()));
            });
            assertThat(seen).containsExactly("at the hand-over");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void carrierStaysOnForFurtherHandOvers(Way way) {
        try (Worker worker = worker(way)) {
            foreign.set("here");
            ScopedContext.carrying(carrier).run(() -> way.run(() -> {
                foreign.set("there");
                way.run(worker, () -> seen.add(foreign.get()));
            }));
            assertThat(seen).containsExactly("there");
            assertThat(stateOf(worker)).isEqualTo("of the worker");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void nothingIsTakenAlongWhereNoCarrierIsOn(Way way) {
        try (Worker worker = worker(way)) {
            foreign.set("here");
            way.run(worker, () -> seen.add(foreign.get()));
            assertThat(seen).containsExactly("of the worker");
        }
    }

    @ParameterizedTest
    @MethodSource("strictWays")
    void failureToInstallIsThrownAndWhatWasInstalledIsPutBack(Way way) {
        IllegalStateException install = new IllegalStateException("install");
        try (Worker worker = worker(way)) {
            foreign.set("here");
            ScopedContext.carrying(carrier, () -> () -> {
                throw install;
            }).run(() -> assertThatThrownBy(() -> way.run(worker, () -> seen.add("never"))).isSameAs(install));
            assertThat(seen).isEmpty();
            assertThat(stateOf(worker)).isEqualTo("of the worker");
        }
    }

    @ParameterizedTest
    @MethodSource("lenientWays")
    void failureToInstallIsThrownAfterTheBodyIfNobodyWouldBeToldOtherwise(Way way) {
        IllegalStateException install = new IllegalStateException("install");
        try (Worker worker = worker(way)) {
            foreign.set("here");
            ScopedContext.carrying(carrier, () -> () -> {
                throw install;
            }).run(() -> assertThatThrownBy(() -> way.run(worker, () -> seen.add("body"))).isSameAs(install));
            assertThat(seen).containsExactly("body");
            assertThat(stateOf(worker)).isEqualTo("of the worker");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failureToCaptureIsThrownToTheCaller(Way way) {
        IllegalStateException capture = new IllegalStateException("capture");
        ScopedContext.carrying(() -> {
            throw capture;
        }).run(() -> assertThatThrownBy(() -> way.run(() -> seen.add("never"))).isSameAs(capture));
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failureToRestoreIsSuppressedIntoTheBodys(Way way) {
        IllegalStateException body = new IllegalStateException("body");
        IllegalStateException restore = new IllegalStateException("restore");
        try (Worker worker = worker(way)) {
            failsToRestore.set(restore);
            ScopedContext.carrying(carrier).run(() -> assertThatThrownBy(() -> way.run(worker, () -> {
                throw body;
            })).isSameAs(body).satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(restore)));
            assertThat(stateOf(worker)).isEqualTo("of the worker");
        }
    }

    private Worker worker(Way way) {
        Worker worker = new Worker(way.kind());
        Worker.get(worker.submit(() -> foreign.set("of the worker")));
        return worker;
    }

    private @Nullable String stateOf(Worker worker) {
        return Worker.<@Nullable String>get(worker.submit(foreign::get));
    }
}
