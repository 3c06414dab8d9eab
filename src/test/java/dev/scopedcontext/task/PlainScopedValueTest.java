package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The user's own {@code ScopedValue}s: subtasks inherit them where the engine is the JDK's, which then also checks
 * that they are not bound anew. The portable engine knows nothing of them.
 */
@Tag("jdk25")
@OnEachEngine
class PlainScopedValueTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final PlainScopedValue user = new PlainScopedValue();

    private static boolean inherits() {
        return Engines.current().report().kind() == EngineReport.Kind.JDK;
    }

    @Test
    void subtasksInheritThem() throws Exception {
        user.bind("alice", () -> {
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(user::seen);
                scope.fork(user::seen);
                assertThat(scope.join()).containsOnly(inherits() ? "alice" : "nothing");
            }
        });
    }

    @Test
    void subtasksOfSubtasksInheritThem() throws Exception {
        user.bind("alice",
                () -> assertThat(TaskScopes.race(() -> TaskScopes.<String>race(user::seen)))
                        .isEqualTo(inherits() ? "alice" : "nothing"));
    }

    @Test
    void subtasksInheritThemBesideWhatIsBoundHere() throws Exception {
        ScopedContext.where(KEY, "outer").call(() -> {
            user.bind("alice", () -> ScopedContext.where(KEY, "inner").call(() -> {
                try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow(),
                        c -> c.withMaxConcurrency(1).withName("page"))) {
                    scope.fork(() -> KEY.get() + " " + user.seen());
                    scope.fork(() -> KEY.get() + " " + user.seen());
                    assertThat(scope.join()).containsOnly(inherits() ? "inner alice" : "inner nothing");
                }
                return null;
            }));
            return null;
        });
    }

    @Test
    void whatASubtaskBindsIsItsOwn() throws Exception {
        user.bind("alice", () -> {
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(() -> {
                    AtomicReference<String> seen = new AtomicReference<>();
                    user.bind("bob", () -> seen.set(user.seen()));
                    return seen.get();
                });
                assertThat(scope.join()).containsExactly("bob");
            }
            assertThat(user.seen()).isEqualTo("alice");
        });
    }

    /** J8, for what only the JDK can see. */
    @Test
    void forkingAfterBindingOneAnewIsRefused() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
            user.bind("alice", () -> {
                if (inherits()) {
                    assertThatThrownBy(() -> scope.fork(() -> {
                        ran.set(true);
                        return "never";
                    })).isInstanceOf(StructureViolationException.class)
                            .hasMessage(
                                    "A ScopedValue was bound since the task scope was opened, or is no longer bound:"
                                            + " fork and close under the bindings it was opened under")
                            .cause().hasToString("java.util.concurrent.StructureViolationException: "
                                    + "Scoped value bindings have changed");
                }
            });
            assertThat(ran).isFalse();
        }
    }

    /** J9, for what only the JDK can see. */
    @Test
    void closingUnderOneBoundSinceClosesAndIsReported() throws Exception {
        var scope = TaskScope.<String>open();
        Subtask<String> subtask = scope.fork(() -> "done");
        scope.join();
        user.bind("alice", () -> {
            if (inherits()) {
                assertThatThrownBy(scope::close).isInstanceOf(StructureViolationException.class)
                        .hasMessageContaining("A ScopedValue was bound since the task scope was opened");
            } else {
                scope.close();
            }
        });
        scope.close();
        assertThat(subtask.get()).isEqualTo("done");
    }

    /** J9: it is the JDK that ends the binding, and says so in its own words; ours are for whoever goes on. */
    @ParameterizedTest
    @ValueSource(strings = {"unnamed threads", "named threads", "platform threads"})
    void aScopeThatWasOpenedUnderOneCannotForkAfterIt(String threads) throws Exception {
        AtomicReference<TaskScope<String, ?, ?>> left = new AtomicReference<>();
        AtomicBoolean ran = new AtomicBoolean();
        PlainScopedValue.Body leaving = () -> user.bind("alice", () -> left.set(TaskScope.open(c -> switch (threads) {
            case "named threads" -> c.withName("page");
            case "platform threads" -> c.withThreadFactory(Thread::new);
            default -> c;
        })));
        if (!inherits()) {
            leaving.run();
            left.get().close();
            return;
        }
        assertThatThrownBy(leaving::run).hasToString("java.util.concurrent.StructureViolationException");
        assertThatThrownBy(() -> left.get().fork(() -> {
            ran.set(true);
            return "never";
        })).isInstanceOf(StructureViolationException.class)
                .hasMessageContaining("a ScopedValue that was bound when it was opened is no longer bound");
        left.get().close();
        assertThat(ran).isFalse();
    }
}
