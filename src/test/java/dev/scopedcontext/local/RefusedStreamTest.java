package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.DeadlineExceededException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream is closed, and its scope ends, even if its context cannot be entered any more. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class RefusedStreamTest {

    private final Local local = Local.named("web");
    private final LocalManager manager = LocalManager.of(local);
    private final List<String> log = new ArrayList<>();
    private final List<LocalScope> scopes = new ArrayList<>();
    private final AtomicBoolean refuses = new AtomicBoolean();

    private <B> B application(B body) {
        local.set("user", "alice");
        scopes.add(ManagedScopes.scopeOfThread());
        return body;
    }

    private void logClosing() {
        log.add("closed by " + local.orElse("user", "nobody"));
    }

    private void assertScopeIsClosed() {
        assertThatThrownBy(() -> scopes.get(0).run(() -> {
        })).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("The scope of LocalManager[1 local: web]");
    }

    @ParameterizedTest
    @EnumSource
    void streamIsClosedInItsScope(Refusal refusal) throws Exception {
        Supplier<Stream<String>> managed = ManagedSupplier.of(manager,
                () -> application(Stream.of("a").onClose(this::logClosing)));
        Stream<String> stream = refusal.bindings(refuses).call(managed::get);
        refuses.set(true);
        refusal.assertIsThrownBy(stream::close);
        stream.close();
        assertThat(log).containsExactly("closed by alice");
        assertScopeIsClosed();
    }

    @ParameterizedTest
    @EnumSource
    void failureOfTheClosingIsSuppressedIntoTheRefusal(Refusal refusal) throws Exception {
        IllegalStateException failure = new IllegalStateException("close");
        Supplier<Stream<String>> managed = ManagedSupplier.of(manager, () -> application(Stream.of("a").onClose(() -> {
            throw failure;
        })));
        Stream<String> stream = refusal.bindings(refuses).call(managed::get);
        refuses.set(true);
        refusal.assertIsThrownBy(stream::close, failure);
        assertScopeIsClosed();
    }

    @Test
    void resultWhoseContextCannotBeCapturedIsClosed() {
        IllegalStateException failure = new IllegalStateException("capture");
        ContextKey<String> key = ContextKey.<String>builder("key").handOff(HandOff.copy(value -> {
            throw failure;
        })).build();
        Supplier<Stream<String>> managed = ManagedSupplier.of(manager,
                () -> application(Stream.of("a").onClose(this::logClosing)));
        ScopedContext.where(key, "value").run(() -> assertThatThrownBy(managed::get).isSameAs(failure)
                .hasNoSuppressedExceptions());
        assertThat(log).containsExactly("closed by alice");
        assertScopeIsClosed();
    }

    @Test
    void captureAndClosingMayThrowTheSameFailure() {
        IllegalStateException failure = new IllegalStateException("both");
        ContextKey<String> key = ContextKey.<String>builder("key").handOff(HandOff.copy(value -> {
            throw failure;
        })).build();
        Supplier<Stream<String>> managed = ManagedSupplier.of(manager, () -> application(Stream.of("a").onClose(() -> {
            logClosing();
            throw failure;
        })));
        ScopedContext.where(key, "value").run(() -> assertThatThrownBy(managed::get).isSameAs(failure)
                .hasNoSuppressedExceptions());
        assertThat(log).containsExactly("closed by alice");
        assertScopeIsClosed();
    }

    @Test
    void refusalAndClosingMayBeTheSameFailure() {
        UnsupportedOperationException failure = new UnsupportedOperationException("both");
        ContextKey<String> key = ContextKey.<String>builder("key").handOff(HandOff.perTask(value -> {
            throw failure;
        }, value -> {
        })).build();
        Stream<String> stream = ScopedContext.where(key, "value")
                .call(() -> ManagedSupplier.of(manager, () -> application(Stream.of("a").onClose(() -> {
                    throw failure;
                }))).get());
        assertThatThrownBy(stream::close).isSameAs(failure).hasNoSuppressedExceptions();
        assertScopeIsClosed();
    }

    /** Why a context cannot be entered any more. */
    enum Refusal {

        DEADLINE, OPENER, MIRROR;

        /** Returns bindings that refuse to be handed over, or shown, from some time on. */
        Bindings bindings(AtomicBoolean refuses) {
            return switch (this) {
                case DEADLINE -> ScopedContext.where(Deadline.KEY, Deadline.after(Duration.ZERO));
                case OPENER -> ScopedContext.where(ContextKey.<String>builder("per task")
                        .handOff(HandOff.perTask(value -> refuseIf(refuses, value), value -> {
                        })).build(), "value");
                case MIRROR -> ScopedContext.where(ContextKey.<String>builder("shown")
                        .mirror(MdcMirror.to("shown", value -> refuseIf(refuses, value))).build(), "value");
            };
        }

        private static String refuseIf(AtomicBoolean refuses, String value) {
            if (refuses.get()) {
                throw new UnsupportedOperationException("refused");
            }
            return value;
        }

        void assertIsThrownBy(ThrowingCallable close, Throwable... suppressed) {
            assertThatThrownBy(close).isInstanceOf(
                    this == DEADLINE ? DeadlineExceededException.class : UnsupportedOperationException.class)
                    .satisfies(refusal -> assertThat(refusal.getSuppressed()).containsExactly(suppressed));
        }
    }
}
