package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.support.PlainFork;
import dev.scopedcontext.support.Way;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Variables of a local that have a hand-off of their own. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class VarHandOffTest {

    private final List<Object> log = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();

    private final Local local = Local.named("web");
    private final LocalManager manager = LocalManager.of(local);
    private final LocalVar<String> user = local.var("user");
    private final LocalVar<List<String>> copied = local.var("copied", List.class, HandOff.copy(ArrayList::new));
    private final LocalVar<String> dropped = local.var("dropped", String.class, HandOff.drop());
    private final LocalVar<String> connection = local.var("connection", String.class,
            HandOff.perTask(captured -> log("open", captured + "/" + opened.incrementAndGet()), this::close));

    static List<Way> ways() {
        return Way.all();
    }

    static List<Way> strictWays() {
        return Way.strict();
    }

    static List<Way> lenientWays() {
        return Way.lenient();
    }

    private String log(String event, String value) {
        log.add(event + " " + value);
        return value;
    }

    private void close(String value) {
        log("close", value);
    }

    private void setAll() {
        user.set("alice");
        copied.set(new ArrayList<>(List.of("request")));
        dropped.set("secret");
        connection.set("c");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void eachTaskGetsTheValueOfTheHandOff(Way way) {
        manager.run(() -> {
            setAll();
            way.run(() -> {
                assertThat(local.asMap()).isEqualTo(
                        Map.of("user", "alice", "copied", List.of("request"), "connection", "c/1"));
                assertThat(dropped.isSet()).isFalse();
                copied.get().add("task");
                log.add("task with " + copied.get());
            });
            assertThat(copied.get()).containsExactly("request");
            assertThat(dropped.get()).isEqualTo("secret");
            assertThat(connection.get()).isEqualTo("c");
        });
        assertThat(log).containsExactly("open c/1", "task with [request, task]", "close c/1");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void valueThatWasOpenedIsClosedAfterTheHooksWhateverTheTaskSetsMeanwhile(Way way) {
        manager.run(() -> {
            connection.set("c");
            way.run(() -> {
                ScopedContext.onExit(failure -> log.add("hook with " + connection.orElse("none")));
                connection.set("another");
            });
            way.run(local::clear);
        });
        assertThat(log).containsExactly("open c/1", "hook with another", "close c/1", "open c/2", "close c/2");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void nestedHandOffStartsFromTheValueOfTheTask(Way way) {
        manager.run(() -> {
            setAll();
            way.run(() -> {
                copied.get().add("task");
                ScopedContext.capture().run(() -> {
                    assertThat(connection.get()).isEqualTo("c/1/2");
                    assertThat(copied.get()).containsExactly("request", "task");
                    copied.get().add("inner");
                });
                assertThat(copied.get()).containsExactly("request", "task");
                assertThat(connection.get()).isEqualTo("c/1");
            });
        });
        assertThat(log).containsExactly("open c/1", "open c/1/2", "close c/1/2", "close c/1");
    }

    @Test
    void copyIsMadeWhenTheContextIsCapturedAndAgainForEachRun() {
        manager.run(() -> {
            copied.set(new ArrayList<>(List.of("request")));
            ContextSnapshot snapshot = ScopedContext.capture();
            copied.get().add("later");
            for (int i = 0; i < 2; i++) {
                snapshot.run(() -> {
                    assertThat(copied.get()).containsExactly("request");
                    copied.get().add("task");
                });
            }
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void variableThatIsNotSetIsNotHandedOver(Way way) {
        manager.run(() -> {
            user.set("alice");
            way.run(() -> assertThat(local.asMap()).isEqualTo(Map.of("user", "alice")));
            connection.set("c");
            connection.remove();
            way.run(() -> assertThat(local.asMap()).isEqualTo(Map.of("user", "alice")));
        });
        assertThat(log).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void nothingIsHandedOverOutsideOfAnyScope(Way way) {
        setAll();
        way.run(() -> assertThat(local.asMap()).isEmpty());
        local.clear();
        assertThat(log).isEmpty();
    }

    @Test
    void nullIsHandedOverToo() {
        manager.run(() -> {
            connection.set(null);
            ScopedContext.capture().run(() -> assertThat(connection.get()).isEqualTo("null/1"));
        });
        assertThat(log).containsExactly("open null/1", "close null/1");
    }

    @Test
    void variableThatIsDeclaredInAnOpenScopeIsHandedOver() {
        manager.run(() -> {
            local.set("late", "value");
            ContextSnapshot before = ScopedContext.capture();
            LocalVar<String> late = local.var("late", String.class, HandOff.drop());
            ScopedContext.capture().run(() -> assertThat(late.isSet()).isFalse());
            before.run(() -> assertThat(late.get()).isEqualTo("value"));
        });
    }

    @Test
    void contextThatWasCapturedBeforeTheDeclarationIsHandedOverWithoutIt() {
        manager.run(() -> {
            connection.set("c");
            local.set("late", "raw");
            local.set("refused", "raw");
            ContextSnapshot before = ScopedContext.capture();
            LocalVar<String> late = local.var("late", String.class,
                    HandOff.perTask(captured -> log("open", captured), this::close));
            LocalVar<String> refused = local.var("refused", String.class, new FailingHandOff("admit", failure));
            before.run(() -> {
                log.add(connection.get() + " " + late.get() + " " + refused.get());
                refused.remove();
                ScopedContext.capture().run(() -> log.add("task"));
            });
            assertThatThrownBy(() -> ScopedContext.capture().run(() -> log.add("runs"))).isSameAs(failure);
        });
        assertThat(log).containsExactly("open c/1", "c/1 raw raw", "open c/1/2", "open raw", "task", "close raw",
                "close c/1/2", "close c/1");
    }

    @Test
    void contextThatWasCapturedBeforeTheFirstDeclarationIsHandedOverWithoutIt() {
        Local plain = Local.named("plain");
        LocalManager.of(plain).run(() -> {
            plain.set("late", "raw");
            ContextSnapshot before = ScopedContext.capture();
            LocalVar<String> late = plain.var("late", String.class,
                    HandOff.perTask(captured -> log("open", captured), this::close));
            before.run(() -> log.add(late.get()));
            before.run(() -> ScopedContext.capture().run(() -> log.add("task")));
        });
        assertThat(log).containsExactly("raw", "open raw", "task", "close raw");
    }

    @Test
    void forkOfTheJdkReadsTheValueOfItsParent() {
        manager.run(() -> {
            setAll();
            Object seen = PlainFork.forked(() -> dropped.orElse("unset") + " " + connection.orElse("unset"));
            assertThat(seen).isEqualTo(PlainFork.INHERITS ? "secret c" : "unset unset");
        });
        assertThat(log).isEmpty();
    }

    @Test
    void valuesAreOpenedInTheOrderOfDeclarationAndClosedInReverse() {
        LocalVar<String> second = local.var("second", String.class,
                HandOff.perTask(captured -> log("open", captured + " with " + connection.get()), this::close));
        manager.run(() -> {
            second.set("s");
            connection.set("c");
            ScopedContext.capture().run(() -> log.add(connection.get()));
        });
        assertThat(log).containsExactly("open c/1", "open s with c", "c/1", "close s with c", "close c/1");
    }

    @Test
    void openingCannotSetValues() {
        local.var("sets", String.class, HandOff.perTask(captured -> {
            user.set("bob");
            return captured;
        }, this::close));
        manager.run(() -> {
            local.set("sets", "value");
            assertThatThrownBy(() -> ScopedContext.capture().run(() -> log.add("runs")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("web cannot be changed while context is being handed over");
        });
        assertThat(log).isEmpty();
    }

    /** A hand-off whose steps fail. */
    private static final class FailingHandOff implements HandOff<String> {

        private final RuntimeException failure;
        private final String step;

        FailingHandOff(String step, RuntimeException failure) {
            this.step = step;
            this.failure = failure;
        }

        private String failIn(String current, String value) {
            if (step.equals(current)) {
                throw failure;
            }
            return value;
        }

        @Override
        public String capture(String value) {
            return failIn("capture", value);
        }

        @Override
        public void admit(String captured) {
            failIn("admit", captured);
        }

        @Override
        public String open(String captured) {
            return failIn("open", captured);
        }

        @Override
        public void close(String value) {
            failIn("close", value);
        }
    }

    private final IllegalStateException failure = new IllegalStateException("step");

    private LocalVar<String> failingIn(String step) {
        return local.var("fails in " + step, String.class, new FailingHandOff(step, failure));
    }

    @Test
    void failureToCaptureIsThrownToTheCapturingCode() {
        LocalVar<String> failing = failingIn("capture");
        manager.run(() -> {
            connection.set("c");
            failing.set("value");
            assertThatThrownBy(ScopedContext::capture).isSameAs(failure);
            failing.remove();
            ScopedContext.capture().run(() -> log.add(connection.get()));
        });
        assertThat(log).containsExactly("open c/1", "c/1", "close c/1");
    }

    @ParameterizedTest
    @MethodSource("strictWays")
    void taskThatIsNotAdmittedDoesNotRunAndNothingIsOpened(Way way) {
        LocalVar<String> failing = failingIn("admit");
        manager.run(() -> {
            connection.set("c");
            failing.set("value");
            assertThatThrownBy(() -> way.run(() -> log.add("runs"))).isSameAs(failure);
        });
        assertThat(log).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("strictWays")
    void failureToOpenIsThrownAfterTheValuesOpenedSoFarAreClosed(Way way) {
        LocalVar<String> failing = failingIn("open");
        manager.run(() -> {
            connection.set("c");
            failing.set("value");
            assertThatThrownBy(() -> way.run(() -> log.add("runs"))).isSameAs(failure).hasNoSuppressedExceptions();
        });
        assertThat(log).containsExactly("open c/1", "close c/1");
    }

    @ParameterizedTest
    @MethodSource("lenientWays")
    void taskThatRunsAllTheSameIsToldTheFailureToOpenAtEachAccess(Way way) {
        LocalVar<String> failing = failingIn("open");
        ContextKey<String> key = ContextKey.named("key");
        manager.run(() -> ScopedContext.where(key, "value").run(() -> {
            user.set("alice");
            connection.set("c");
            failing.set("value");
            way.run(() -> {
                assertThatThrownBy(failing::get).isSameAs(failure);
                assertThatThrownBy(user::get).isSameAs(failure);
                assertThatThrownBy(() -> user.set("bob")).isSameAs(failure);
                log.add("runs with " + key.get());
            });
        }));
        assertThat(log).containsExactly("open c/1", "close c/1", "runs with value");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failureToCloseIsThrownAfterAllValuesAreClosed(Way way) {
        LocalVar<String> failing = failingIn("close");
        manager.run(() -> {
            connection.set("c");
            failing.set("value");
            assertThatThrownBy(() -> way.run(() -> log.add(connection.get()))).isSameAs(failure);
        });
        assertThat(log).containsExactly("open c/1", "c/1", "close c/1");
    }

    @Test
    void taskOpeningAndClosingMayThrowTheSameFailure() {
        LocalVar<String> first = failingIn("close");
        LocalVar<String> second = local.var("closes too", String.class, new FailingHandOff("close", failure));
        LocalVar<String> third = failingIn("open");
        manager.run(() -> {
            first.set("1");
            second.set("2");
            assertThatThrownBy(() -> ScopedContext.capture().run(() -> log.add("runs"))).isSameAs(failure)
                    .hasNoSuppressedExceptions();
            assertThatThrownBy(() -> ScopedContext.capture().run(() -> {
                throw failure;
            })).isSameAs(failure).hasNoSuppressedExceptions();
            third.set("3");
            assertThatThrownBy(() -> ScopedContext.capture().run(() -> log.add("runs"))).isSameAs(failure)
                    .hasNoSuppressedExceptions();
        });
        assertThat(log).containsExactly("runs");
    }

    @Test
    void failuresToCloseAreSuppressedIntoTheFirst() {
        IllegalArgumentException other = new IllegalArgumentException("other");
        LocalVar<String> first = failingIn("close");
        LocalVar<String> second = local.var("second", String.class, new FailingHandOff("close", other));
        LocalVar<String> third = failingIn("open");
        manager.run(() -> {
            first.set("1");
            second.set("2");
            assertThatThrownBy(() -> ScopedContext.capture().run(() -> log.add("runs"))).isSameAs(other)
                    .hasSuppressedException(failure);
            third.set("3");
            assertThatThrownBy(() -> ScopedContext.capture().run(() -> log.add("runs"))).isSameAs(failure)
                    .hasSuppressedException(other);
        });
        assertThat(log).containsExactly("runs");
    }

    private Stream<String> rows() {
        setAll();
        return Stream.generate(() -> {
            copied.get().add("row");
            return connection.get() + " " + dropped.get() + " " + copied.get().size();
        });
    }

    @Test
    void stepOfAStreamUsesTheValuesOfItsScope() throws Exception {
        try (Stream<String> rows = ManagedSupplier.of(manager, this::rows).get()) {
            Iterator<String> steps = rows.iterator();
            assertThat(steps.next()).isEqualTo("c secret 2");
            assertThat(OnThread.call(Thread::new, steps::next)).isEqualTo("c secret 3");
            assertThat(ContextSnapshot.empty().<String, RuntimeException>call(steps::next)).isEqualTo("c secret 4");
        }
        assertThat(log).isEmpty();
    }

    @Test
    void stepOfAStreamStillGetsTheOtherValuesThatWereCaptured() throws Exception {
        ContextKey<String> key = ContextKey.named("key");
        Stream<String> rows = ScopedContext.where(key, "bound")
                .call(() -> ManagedSupplier.of(manager, () -> rows().map(row -> row + " " + key.get())).get());
        try (rows) {
            Iterator<String> steps = rows.iterator();
            assertThat(OnThread.call(Thread::new, steps::next)).isEqualTo("c secret 2 bound");
        }
        assertThat(log).isEmpty();
    }

    @Test
    void taskOfAStepIsHandedTheValues() {
        Stream<String> rows = ManagedSupplier.of(manager, () -> {
            setAll();
            return Stream.generate(() -> ScopedContext.capture()
                    .<String, RuntimeException>call(() -> connection.get() + " " + dropped.orElse("unset")));
        }).get();
        try (rows) {
            assertThat(rows.findFirst()).contains("c/1 unset");
        }
        assertThat(log).containsExactly("open c/1", "close c/1");
    }
}
