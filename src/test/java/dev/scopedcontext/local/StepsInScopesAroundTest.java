package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps of a managed function inside the scopes of other managers, whose variables have hand-offs. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class StepsInScopesAroundTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final List<Object> log = new CopyOnWriteArrayList<>();
    private final HandOff<String> logged = new HandOff<>() {

        @Override
        public void admit(String captured) {
            log.add("admit");
            if (captured.startsWith("refused")) {
                throw new IllegalStateException("refused");
            }
        }

        @Override
        public String open(String captured) {
            log.add("open");
            return "task's " + captured;
        }

        @Override
        public void close(String opened) {
            log.add("close");
        }
    };

    private final Local local = Local.named("local");
    private final Local middle = Local.named("middle");
    private final Local outermost = Local.named("outermost");
    private final LocalVar<String> connection = middle.var("connection", String.class, logged);
    private final LocalVar<String> session = outermost.var("session", String.class, logged);
    private final LocalManager manager = LocalManager.of(local);
    private final LocalManager middleManager = LocalManager.of(middle);
    private final LocalManager outermostManager = LocalManager.of(outermost);

    private Stream<String> rows() {
        return ManagedSupplier.of(manager, () -> Stream.of(1, 2, 3).map(row -> {
            local.set("row", row);
            return row + " " + connection.get() + " " + session.get();
        })).get();
    }

    @Test
    void stepUnderABindingUsesTheValuesOfTheScopesAround() {
        inScopes("c", "s", () -> {
            try (Stream<String> rows = rows()) {
                Iterator<String> steps = rows.iterator();
                ScopedContext.where(KEY, "bound").run(() -> {
                    assertThat(steps.next()).isEqualTo("1 c s");
                    connection.set("changed");
                    assertThat(steps.next()).isEqualTo("2 changed s");
                });
                assertThat(steps.next()).isEqualTo("3 changed s");
            }
        });
        assertThat(log).isEmpty();
    }

    @Test
    void handOffOfHiddenValuesCannotRefuseAStep() {
        inScopes("refused c", "refused s", () -> {
            try (Stream<String> rows = rows()) {
                List<String> all = ScopedContext.where(KEY, "bound").call(rows::toList);
                assertThat(all).hasSize(3).endsWith("3 refused c refused s");
            }
            assertThatThrownBy(() -> ScopedContext.capture().run(() -> log.add("runs"))).hasMessage("refused");
        });
        assertThat(log).containsExactly("admit");
    }

    @Test
    void stepOnAnotherThreadIsHandedTheValuesOver() {
        inScopes("c", "s", () -> {
            try (Stream<String> rows = rows()) {
                Iterator<String> steps = rows.iterator();
                assertThat(onThread(steps)).isEqualTo("1 task's c task's s");
                assertThat(log).containsExactly("admit", "admit", "open", "open", "close", "close");
            }
        });
    }

    @Test
    void stepOnAThreadThatEnteredOneOfTheScopesIsHandedTheOthersOver() {
        List<String> seen = new ArrayList<>();
        OpenScope scope = middleManager.open();
        Stream<String> rows = outermostManager.call(() -> {
            session.set("s");
            return scope.call(() -> {
                connection.set("c");
                return rows();
            });
        });
        try (scope; rows) {
            Iterator<String> steps = rows.iterator();
            seen.add(steps.next());
            seen.add(scope.call(steps::next));
            assertThat(seen).containsExactly("1 task's c task's s", "2 c task's s");
        }
        assertThat(log.subList(0, 6)).containsExactly("admit", "admit", "open", "open", "close", "close");
        assertThat(log.subList(6, 9)).containsExactly("admit", "open", "close");
    }

    @Test
    void taskOfAStepGetsValuesOfItsOwn() {
        inScopes("c", "s", () -> {
            List<ContextSnapshot> captured = new ArrayList<>();
            try (Stream<Integer> rows = ManagedSupplier.of(manager, () -> Stream.of(1, 2)
                    .peek(row -> captured.add(ScopedContext.capture()))).get()) {
                assertThat(ScopedContext.where(KEY, "bound").<List<Integer>, RuntimeException>call(rows::toList))
                        .hasSize(2);
            }
            captured.get(1).run(() -> {
                assertThat(connection.get() + " " + session.get()).isEqualTo("task's c task's s");
                connection.set("of the task");
            });
            assertThat(connection.get()).isEqualTo("c");
        });
        assertThat(log).containsExactly("admit", "admit", "open", "open", "close", "close");
    }

    @Test
    void contextThatAHandOffCapturesMeanwhileHandsTheValuesOver() {
        List<ContextSnapshot> captured = new ArrayList<>();
        inScopes("c", "s", () -> {
            try (Stream<String> rows = bindingACaptureOf(captured::add, this::rows)) {
                captured.get(0).run(() -> assertThat(session.get()).isEqualTo("task's s"));
                assertThat(rows).first().isEqualTo("1 c s");
            }
        });
        assertThat(log).containsExactly("admit", "admit", "open", "open", "close", "close");
    }

    @Test
    void functionThatAHandOffCallsMeanwhileChangesNothing() {
        List<Stream<String>> inner = new ArrayList<>();
        inScopes("c", "s", () -> {
            try (Stream<String> rows = bindingACaptureOf(context -> inner.add(rows()), this::rows)) {
                List<String> all = ScopedContext.where(KEY, "bound").call(rows::toList);
                assertThat(all).hasSize(3).startsWith("1 c s");
                List<String> ofInner = ScopedContext.where(KEY, "bound").call(() -> inner.get(0).toList());
                assertThat(ofInner).isEqualTo(all);
                inner.get(0).close();
            }
        });
        assertThat(log).isEmpty();
    }

    @Test
    void handOffThatIsDeclaredDuringTheCaptureCannotRefuseAStep() {
        ContextKey<String> capturing = capturing(context -> local.var("late", String.class, logged));
        Stream<String> rows = ManagedSupplier.of(manager, () -> {
            local.set("late", "refused late");
            Attachment unused = ScopedContext.where(capturing, "value").attach(); // inside the scope, so captured first
            return Stream.generate(() -> "row " + local.get("late"));
        }).get();
        try (rows) {
            assertThat(rows.iterator().next()).isEqualTo("row refused late");
        }
        assertThat(log).isEmpty();
    }

    /** Calls a supplier under a key whose hand-off captures a context for the consumer. */
    private static <T> T bindingACaptureOf(Consumer<ContextSnapshot> consumer, Supplier<T> supplier) {
        return ScopedContext.where(capturing(consumer), "value").call(supplier::get);
    }

    /** Returns a key whose hand-off, when it first captures, captures a context for the consumer. */
    private static ContextKey<String> capturing(Consumer<ContextSnapshot> consumer) {
        AtomicBoolean first = new AtomicBoolean(true);
        return ContextKey.<String>builder("capturing").handOff(new HandOff<String>() {
            @Override
            public String capture(String value) {
                if (first.getAndSet(false)) {
                    consumer.accept(ScopedContext.capture());
                }
                return value;
            }
        }).build();
    }

    private void inScopes(String ofMiddle, String ofOutermost, Runnable task) {
        outermostManager.run(() -> middleManager.run(() -> {
            connection.set(ofMiddle);
            session.set(ofOutermost);
            task.run();
        }));
    }

    private static String onThread(Iterator<String> steps) {
        try {
            return OnThread.call(Thread::new, steps::next);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
