package dev.scopedcontext.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Way;
import dev.scopedcontext.support.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of every way from one thread to another. Each way also checks that the worker's context is restored. */
@ExtendWith(CleanThread.class)
class EveryWayTest {

    private static final ContextKey<String> USER = ContextKey.named("user");
    private static final ContextKey<String> TENANT = ContextKey.named("tenant");

    static List<Way> ways() {
        return Way.all();
    }

    @ParameterizedTest
    @MethodSource("ways") // H1, X7
    void bodySeesWhatWasCaptured(Way way) {
        List<Object> seen = new ArrayList<>();
        ScopedContext.where(USER, "alice").where(TENANT, "acme").run(() -> way.run(() -> {
            seen.add(USER.get());
            seen.add(TENANT.get());
            seen.add(ScopedContext.capture().keys().size());
        }));
        assertThat(seen).containsExactly("alice", "acme", 2);
    }

    @ParameterizedTest
    @MethodSource("ways") // H2
    void emptyContextClearsTheWorkers(Way way) {
        List<Object> seen = new ArrayList<>();
        way.run(() -> seen.addAll(ScopedContext.capture().keys()));
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways") // H2
    void whatTheWorkerHasIsHidden(Way way) {
        List<Object> seen = new ArrayList<>();
        ScopedContext.where(USER, "alice").run(() -> way.run(() -> seen.add(Worker.OWN.isBound())));
        assertThat(seen).containsExactly(false);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failureOfTheBodyIsPassedOnUnchanged(Way way) {
        IllegalStateException failure = new IllegalStateException("body");
        ScopedContext.where(USER, "alice").run(() -> assertThatThrownBy(() -> way.run(() -> {
            throw failure;
        })).isSameAs(failure).hasNoSuppressedExceptions());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bodyIsAScopeOfItsOwn(Way way) {
        AtomicInteger exits = new AtomicInteger();
        ScopedContext.where(USER, "alice").run(() -> {
            way.run(() -> {
                ScopedContext.onExit(failure -> exits.incrementAndGet());
                assertThat(exits).hasValue(0);
            });
            assertThat(exits).hasValue(1);
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void bodyMayBindAttachAndHandOverAgain(Way way) {
        List<String> seen = new ArrayList<>();
        ScopedContext.where(USER, "alice").run(() -> way.run(() -> {
            try (Attachment acme = ScopedContext.where(TENANT, "acme").attach()) {
                ScopedContext.where(USER, "bob").run(() -> way.run(() -> seen.add(USER.get() + TENANT.get())));
            }
            seen.add(USER.get() + TENANT.isBound());
        }));
        assertThat(seen).containsExactly("bobacme", "alicefalse");
    }
}
