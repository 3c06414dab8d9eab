package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.support.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Locals on every way of the root package from one thread to another. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalHandOverTest {

    private final Local local = Local.named("web");
    private final LocalStack<String> stack = LocalStack.named("stack");
    private final LocalManager manager = LocalManager.of(local, stack);

    static List<Way> ways() {
        return Way.all();
    }

    @AfterEach
    void removeAll() {
        manager.cleanup();
    }

    @ParameterizedTest
    @MethodSource("ways") // L10, X7
    void taskStartsWithTheValuesAndWhatItChangesIsItsOwn(Way way) {
        List<Object> seen = new ArrayList<>();
        manager.run(() -> {
            local.set("user", "alice");
            local.set("tenant", "acme");
            way.run(() -> {
                seen.add(local.asMap());
                local.set("user", "bob");
                local.remove("tenant");
                local.set("new", "one");
                seen.add(local.asMap());
            });
            assertThat(local.asMap()).isEqualTo(Map.of("user", "alice", "tenant", "acme"));
        });
        assertThat(seen).containsExactly(Map.of("user", "alice", "tenant", "acme"),
                Map.of("user", "bob", "new", "one"));
    }

    @ParameterizedTest
    @MethodSource("ways") // S6, S7
    void whatATaskPushesAndPopsIsItsOwn(Way way) {
        List<Object> seen = new ArrayList<>();
        manager.run(() -> {
            stack.push("a");
            stack.push("b");
            way.run(() -> {
                seen.add(stack.pop().orElseThrow());
                seen.add(stack.pop().orElseThrow());
                seen.add(stack.pop().isEmpty());
                stack.push("c");
            });
            assertThat(stack.size()).isEqualTo(2);
            assertThat(stack.top()).isEqualTo("b");
            way.run(() -> stack.push("d"));
            assertThat(stack.pop()).contains("b");
            assertThat(stack.pop()).contains("a");
        });
        assertThat(seen).containsExactly("b", "a", true);
    }

    @ParameterizedTest
    @MethodSource("ways") // M4
    void cleanupInATaskTouchesItsOwnOnly(Way way) {
        List<Object> left = new ArrayList<>();
        manager.run(() -> {
            local.set("user", "alice");
            stack.push("a");
            way.run(() -> {
                manager.cleanup();
                left.addAll(local.asMap().keySet());
                left.addAll(stack.peek().stream().toList());
            });
            assertThat(local.get("user")).isEqualTo("alice");
            assertThat(stack.top()).isEqualTo("a");
        });
        assertThat(left).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void valuesOutsideOfAnyScopeAreNotHandedOver(Way way) {
        List<Object> seen = new ArrayList<>();
        local.set("user", "alice");
        way.run(() -> seen.addAll(local.asMap().keySet()));
        assertThat(seen).isEmpty();
        assertThat(local.get("user")).isEqualTo("alice");
    }

    @ParameterizedTest
    @MethodSource("ways") // M11
    void taskHasAContextIdOfItsOwn(Way way) {
        List<String> ids = new ArrayList<>();
        manager.run(() -> {
            ids.add(manager.contextId());
            way.run(() -> {
                ids.add(manager.contextId());
                assertThat(manager.contextId()).isEqualTo(ids.get(1));
                LocalManager.of(local).run(() -> assertThat(manager.contextId()).isEqualTo(ids.get(1)));
            });
            way.run(() -> ids.add(manager.contextId()));
            assertThat(manager.contextId()).isEqualTo(ids.get(0));
        });
        assertThat(ids).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void taskSeesTheValuesAsOfTheCapture() {
        manager.run(() -> {
            local.set("user", "alice");
            ContextSnapshot alice = ScopedContext.capture();
            local.set("user", "bob");
            local.set("tenant", "acme");
            alice.run(() -> assertThat(local.asMap()).isEqualTo(Map.of("user", "alice")));
            ScopedContext.capture()
                    .run(() -> assertThat(local.asMap()).isEqualTo(Map.of("user", "bob", "tenant", "acme")));
        });
    }

    @Test
    void nothingIsCopiedWhereNothingIsChangedBetweenCaptures() {
        manager.run(() -> {
            local.set("user", "alice");
            ValueTable first = local.tables.toRead().freeze();
            assertThat(local.tables.toRead().freeze()).isSameAs(first);
            local.set("user", "alice");
            assertThat(local.tables.toRead().freeze()).isSameAs(first);
            local.set("user", "bob");
            assertThat(local.tables.toRead().freeze()).isNotSameAs(first);
        });
    }

    @Test
    void snapshotStillHasTheValuesAfterTheScope() throws Exception {
        ContextSnapshot snapshot = manager.call(() -> {
            local.set("user", "alice");
            stack.push("a");
            return ScopedContext.capture();
        });
        OnThread.run(() -> snapshot.run(() -> {
            assertThat(local.get("user")).isEqualTo("alice");
            assertThat(stack.top()).isEqualTo("a");
            local.set("user", "bob");
        }));
        snapshot.run(() -> assertThat(local.get("user")).isEqualTo("alice"));
        assertThat(local.isSet("user")).isFalse();
    }

    @Test // H3
    void runsOfOneWrappedTaskAtTheSameTimeDoNotShare() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        Runnable task = manager.call(() -> {
            local.set("user", "alice");
            return ScopedContext.capture().wrap(() -> {
                assertThat(local.get("user")).isEqualTo("alice");
                await(together);
                local.set("user", Thread.currentThread());
                stack.push(Thread.currentThread().toString());
                await(together);
                assertThat(local.get("user")).isSameAs(Thread.currentThread());
                assertThat(stack.size()).isEqualTo(1);
            });
        });
        Thread other = new Thread(task);
        other.start();
        task.run();
        other.join();
        assertThat(local.isSet("user")).isFalse();
    }

    @Test // L11
    void theValuesThemselvesAreShared() {
        manager.run(() -> {
            List<String> notes = new ArrayList<>();
            local.set("notes", notes);
            ScopedContext.capture().run(() -> assertThat(local.get("notes")).isSameAs(notes));
        });
    }

    @Test
    void emptyContextClearsLocals() {
        manager.run(() -> {
            local.set("user", "alice");
            ContextSnapshot.empty().run(() -> assertThat(local.asMap().keySet()).isEmpty());
            assertThat(local.get("user")).isEqualTo("alice");
        });
    }

    @Test
    void aHandOffThatChangesALocalChangesThatOfTheTask() {
        ContextKey<String> key = ContextKey.<String>builder("key").handOff(HandOff.perTask(captured -> {
            assertThat(local.get("user")).isEqualTo("alice");
            local.set("user", captured);
            return captured;
        }, opened -> {
        })).build();
        manager.run(() -> {
            local.set("user", "alice");
            ContextSnapshot snapshot = ScopedContext.where(key, "bob").call(ScopedContext::capture);
            for (int i = 0; i < 2; i++) {
                snapshot.run(() -> assertThat(local.get("user")).isEqualTo("bob"));
            }
            assertThat(local.get("user")).isEqualTo("alice");
        });
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
