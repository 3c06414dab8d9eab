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
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A result that streams is closed, and its scope ends, also where its context cannot be entered any more. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class ClosingOfBodyTest {

    private final Local local = Local.named("web");
    private final LocalManager manager = LocalManager.of(local);
    private final List<String> log = new ArrayList<>();
    private final List<LocalScope> scopes = new ArrayList<>();
    private final AtomicBoolean refuses = new AtomicBoolean();

    private <B> B application(B body) {
        local.set("user", "alice");
        scopes.add(Entered.scopeOfThread());
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
        Callable<Stream<String>> wrapped = manager.wrap(() -> application(Stream.of("a").onClose(this::logClosing)));
        Stream<String> stream = refusal.bindings(refuses).call(wrapped::call);
        refuses.set(true);
        refusal.assertIsThrownBy(stream::close);
        stream.close();
        assertThat(log).containsExactly("closed by alice");
        assertScopeIsClosed();
    }

    @ParameterizedTest
    @EnumSource
    void bodyIsClosedInItsScope(Refusal refusal) throws Exception {
        Callable<Body> wrapped = manager.wrapBody(Body.class, () -> application(new Body() {
            @Override
            public void close() {
                logClosing();
            }
        }));
        Body body = refusal.bindings(refuses).call(wrapped::call);
        refuses.set(true);
        refusal.assertIsThrownBy(body::close);
        body.close();
        assertThat(log).containsExactly("closed by alice");
        assertScopeIsClosed();
    }

    @ParameterizedTest
    @EnumSource
    void streamOfABodyIsClosedInItsScope(Refusal refusal) throws Exception {
        Callable<Body> wrapped = manager.wrapBody(Body.class, () -> application(() -> {
        }));
        Body[] made = {null};
        Stream<String> rows = refusal.bindings(refuses).call(() -> {
            made[0] = wrapped.call();
            return made[0].rows(Stream.of("a").onClose(this::logClosing));
        });
        refuses.set(true);
        refusal.assertIsThrownBy(rows::close);
        assertThat(log).containsExactly("closed by alice");
        refusal.assertIsThrownBy(made[0]::close);
    }

    @ParameterizedTest
    @EnumSource
    void failureOfTheClosingIsSuppressedIntoTheRefusal(Refusal refusal) throws Exception {
        IllegalStateException failure = new IllegalStateException("close");
        Callable<Stream<String>> wrapped = manager.wrap(() -> application(Stream.of("a").onClose(() -> {
            throw failure;
        })));
        Stream<String> stream = refusal.bindings(refuses).call(wrapped::call);
        refuses.set(true);
        refusal.assertIsThrownBy(stream::close, failure);
        assertScopeIsClosed();
    }

    @Test
    void streamOfABodyThatIsClosedAlreadyIsClosedOutsideOfTheScope() throws Exception {
        Body body = manager.wrapBody(Body.class, () -> application(() -> {
        })).call();
        Stream<String> rows = body.rows(Stream.of("a").onClose(this::logClosing));
        body.close();
        assertThatThrownBy(rows::close).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The scope of LocalManager[1 local: web] is closed")
                .hasNoSuppressedExceptions();
        assertThat(log).containsExactly("closed by nobody");
    }

    @Test
    void streamOfABodyThatCannotBeGoneThroughIsClosed() throws Exception {
        Stream<String> used = Stream.of("a").onClose(this::logClosing);
        assertThat(used.iterator()).isNotNull();
        try (Body body = manager.wrapBody(Body.class, () -> application(() -> {
        })).call()) {
            assertThatThrownBy(() -> body.rows(used)).isInstanceOf(IllegalStateException.class)
                    .hasNoSuppressedExceptions();
        }
        assertThat(log).containsExactly("closed by alice");
    }

    @Test
    void resultWhoseContextCannotBeCapturedIsClosed() {
        IllegalStateException failure = new IllegalStateException("capture");
        ContextKey<String> key = ContextKey.<String>builder("key").handOff(HandOff.copy(value -> {
            throw failure;
        })).build();
        Callable<Stream<String>> stream = manager.wrap(() -> application(Stream.of("a").onClose(this::logClosing)));
        Callable<Body> body = manager.wrapBody(Body.class, () -> application(this::logClosing));
        ScopedContext.where(key, "value").run(() -> {
            assertThatThrownBy(stream::call).isSameAs(failure);
            assertThatThrownBy(body::call).isSameAs(failure);
        });
        assertThat(log).containsExactly("closed by alice", "closed by alice");
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

    /** A body. */
    public interface Body extends AutoCloseable {

        /** Returns the rows. */
        default Stream<String> rows(Stream<String> rows) {
            return rows;
        }

        @Override
        void close();
    }
}
