package dev.scopedcontext.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.local.CleanLocals;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalStack;
import dev.scopedcontext.local.LocalVar;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScope;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Locals in subtasks: each subtask starts with the values at the opening of the task scope. */
@OnEachEngine
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalsInTaskScopeTest {

    private final Local local = Local.named("web");
    private final LocalStack<String> stack = LocalStack.named("stack");
    private final LocalManager manager = LocalManager.of(local, stack);

    @Test // L10
    void siblingsAndTheirParentDoNotSeeEachOthersChanges() throws Exception {
        CyclicBarrier changed = new CyclicBarrier(3);
        manager.call(() -> {
            local.set("user", "alice");
            try (var scope = TaskScope.open(Joiner.<Object>allSuccessfulOrThrow())) {
                for (String name : List.of("bob", "carol")) {
                    scope.fork(() -> {
                        local.set("user", local.get("user") + " and " + name);
                        local.set(name, "set");
                        changed.await();
                        return local.asMap();
                    });
                }
                local.set("user", "parent");
                changed.await();
                assertThat(scope.join()).containsExactlyInAnyOrder(Map.of("user", "alice and bob", "bob", "set"),
                        Map.of("user", "alice and carol", "carol", "set"));
                assertThat(local.asMap()).isEqualTo(Map.of("user", "parent"));
            }
            return null;
        });
    }

    @Test // S7
    void popOfASubtaskDoesNotChangeTheParentsStack() throws Exception {
        manager.call(() -> {
            stack.push("a");
            stack.push("b");
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                for (int i = 0; i < 2; i++) {
                    scope.fork(() -> stack.pop().orElse("-") + stack.pop().orElse("-") + stack.pop().orElse("-"));
                }
                assertThat(scope.join()).containsExactly("ba-", "ba-");
            }
            assertThat(stack.pop()).contains("b");
            assertThat(stack.pop()).contains("a");
            return null;
        });
    }

    @Test // M4, M11
    void subtaskCleansItsOwnAndIsAContextOfItsOwn() throws Exception {
        manager.call(() -> {
            local.set("user", "alice");
            try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow())) {
                scope.fork(() -> {
                    manager.cleanup();
                    return local.orElse("user", "unset") + manager.contextId();
                });
                assertThat(scope.join()).singleElement().asString().startsWith("unset")
                        .isNotEqualTo("unset" + manager.contextId());
            }
            assertThat(local.get("user")).isEqualTo("alice");
            return null;
        });
    }

    @Test
    void eachSubtaskGetsTheValuesOfTheHandOffsOfVariables() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        LocalVar<String> connection = local.var("connection", String.class, HandOff.perTask(captured -> {
            log.add("open");
            return captured + " of " + Thread.currentThread().getId();
        }, closed -> log.add("close")));
        LocalVar<String> dropped = local.var("dropped", String.class, HandOff.drop());
        manager.call(() -> {
            connection.set("one");
            dropped.set("secret");
            try (var scope = TaskScope.open(Joiner.<Boolean>allSuccessfulOrThrow())) {
                connection.set("two");
                for (int i = 0; i < 3; i++) {
                    scope.fork(() -> !dropped.isSet()
                            && connection.get().equals("one of " + Thread.currentThread().getId()));
                }
                assertThat(scope.join()).containsExactly(true, true, true);
            }
            assertThat(connection.get()).isEqualTo("two");
            return null;
        });
        assertThat(log).hasSize(6).containsOnly("open", "close");
    }

    @Test
    void failureToOpenAVariableFailsTheSubtask() throws Exception {
        IllegalStateException failure = new IllegalStateException("open");
        LocalVar<String> failing = local.var("failing", String.class, HandOff.perTask(captured -> {
            throw failure;
        }, closed -> {
        }));
        manager.call(() -> {
            failing.set("value");
            try (var scope = TaskScope.open(Joiner.<Object>awaitAll())) {
                var subtask = scope.fork(() -> "runs");
                scope.join();
                assertThat(subtask.exception()).isSameAs(failure);
            }
            return null;
        });
    }
}
