package dev.scopedcontext.meeting;

import static dev.scopedcontext.support.PlainFork.forked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.local.CleanLocals;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalStack;
import dev.scopedcontext.support.PlainFork;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * L10 in the JDK's own {@code StructuredTaskScope}, whose forks this library does not see. On the {@code ScopedValue}
 * backend, a subtask reads the values of its parent until its first write, which creates a copy.
 */
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalPlainForkTest {

    private final Local local = Local.named("web");
    private final LocalStack<String> stack = LocalStack.named("stack");
    private final LocalManager manager = LocalManager.of(local, stack);

    private static Object ifInherited(Object value) {
        return PlainFork.INHERITS ? value : "unset";
    }

    @Test
    void forkReadsTheValuesOfItsParent() {
        manager.run(() -> {
            local.set("user", "alice");
            assertThat(forked(() -> local.orElse("user", "unset"))).isEqualTo(ifInherited("alice"));
            assertThat(forked(() -> local.asMap().keySet().size())).isEqualTo(PlainFork.INHERITS ? 1 : 0);
        });
    }

    @Test
    void forkFollowsItsParentUntilItWrites() {
        CountDownLatch set = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch setAgain = new CountDownLatch(1);
        manager.run(() -> {
            local.set("user", "alice");
            List<Object> seen = forked(() -> {
                set.await();
                Object followed = local.orElse("user", "unset");
                local.set("tenant", "acme");
                written.countDown();
                setAgain.await();
                return List.of(followed, local.orElse("user", "unset"), local.get("tenant"));
            }, () -> {
                local.set("user", "bob");
                set.countDown();
                written.await();
                local.set("user", "carol");
                setAgain.countDown();
                return null;
            });
            assertThat(seen).containsExactly(ifInherited("bob"), ifInherited("bob"), "acme");
            assertThat(local.asMap()).isEqualTo(Map.of("user", "carol"));
        });
    }

    @Test
    void whatForksChangeIsTheirOwn() {
        manager.run(() -> {
            local.set("user", "alice");
            stack.push("a");
            for (int i = 0; i < 2; i++) {
                assertThat(forked(() -> {
                    boolean removed = local.remove("user");
                    stack.pop();
                    stack.push("b");
                    stack.push("c");
                    return removed + " " + local.orElse("user", "unset") + " " + stack.size();
                })).isEqualTo(PlainFork.INHERITS + " unset 2");
            }
            assertThat(forked(() -> {
                manager.cleanup();
                return local.asMap().keySet().isEmpty() && stack.peek().isEmpty();
            })).isTrue();
            assertThat(local.get("user")).isEqualTo("alice");
            assertThat(stack.top()).isEqualTo("a");
            assertThat(stack.size()).isEqualTo(1);
        });
    }

    @Test
    void forkHandsOverWhatItHas() {
        manager.run(() -> {
            local.set("user", "alice");
            assertThat(forked(() -> {
                local.set("tenant", "acme");
                return ScopedContext.capture().wrap(() -> local.orElse("user", "unset") + " " + local.orElse("tenant",
                        "unset")).call();
            })).isEqualTo(PlainFork.INHERITS ? "alice acme" : "unset acme");
        });
    }

    @Test
    void forkHandsOverWhatItReads() {
        manager.run(() -> {
            local.set("user", "alice");
            assertThat(forked(() -> ScopedContext.capture().wrap(() -> {
                local.set("tenant", "acme");
                return local.orElse("user", "unset");
            }).call())).isEqualTo(ifInherited("alice"));
            assertThat(local.asMap().keySet()).containsExactly("user");
        });
    }

    @Test
    void forkOfAForkReadsWhatTheForkInherited() {
        manager.run(() -> {
            local.set("user", "alice");
            assertThat(forked(() -> {
                local.set("user", "bob");
                return forked(() -> local.orElse("user", "unset"));
            })).isEqualTo(ifInherited("alice"));
        });
    }

    @Test
    void forkMayOpenAScopeOfItsOwn() {
        manager.run(() -> {
            local.set("user", "alice");
            assertThat(forked(() -> {
                manager.run(() -> {
                    assertThat(local.asMap().keySet()).isEmpty();
                    local.set("user", "bob");
                });
                return local.orElse("user", "unset");
            })).isEqualTo(ifInherited("alice"));
            assertThat(local.get("user")).isEqualTo("alice");
        });
    }

    @Test // M11
    void forkIsAContextOfItsOwn() {
        manager.run(() -> {
            String id = manager.contextId();
            assertThat(forked(() -> manager.contextId().equals(manager.contextId()) ? manager.contextId() : "unstable"))
                    .isNotEqualTo(id).isNotEqualTo("unstable");
        });
    }

    @Test
    void whatAForkSetsOutsideOfTheContextItInheritedIsApart() {
        manager.run(() -> {
            local.set("user", "alice");
            assertThat(forked(() -> {
                local.set("user", "copy");
                ContextSnapshot.empty().run(() -> {
                    assertThat(local.orElse("user", "unset")).isEqualTo(PlainFork.INHERITS ? "unset" : "copy");
                    local.set("user", "thread");
                });
                Object after = local.get("user");
                ContextSnapshot.empty().run(local::clear);
                return after + " " + local.orElse("user", "unset");
            })).isEqualTo(PlainFork.INHERITS ? "copy copy" : "thread unset");
        });
    }
}
