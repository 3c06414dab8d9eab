package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Managed scopes on one thread. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class LocalManagerTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final Local local = Local.named("web");
    private final Local other = Local.named("other");
    private final LocalStack<String> stack = LocalStack.named("stack");
    private final LocalManager manager = LocalManager.of(local, stack);

    private final IllegalStateException failure = new IllegalStateException("application");

    @AfterEach
    void removeAll() {
        manager.cleanup();
        other.clear();
    }

    @Test // M1
    void managesNoneOneOrMany() {
        assertThat(LocalManager.of().<String, RuntimeException>call(() -> {
            local.set("user", "alice");
            return "none";
        })).isEqualTo("none");
        assertThat(local.get("user")).isEqualTo("alice");
        LocalManager.of(local).run(() -> {
            assertThat(local.isSet("user")).isFalse();
            stack.push("a");
        });
        assertThat(stack.top()).isEqualTo("a");
        manager.run(() -> {
            assertThat(local.isSet("user")).isFalse();
            assertThat(stack.peek()).isEmpty();
        });
    }

    @Test
    void scopeStartsEmptyAndTheValuesAroundComeBack() {
        local.set("user", "thread");
        manager.run(() -> {
            assertThat(local.asMap().keySet()).isEmpty();
            local.set("user", "outer");
            stack.push("outer");
            manager.run(() -> {
                assertThat(local.asMap().keySet()).isEmpty();
                assertThat(stack.size()).isZero();
                local.set("user", "inner");
                stack.push("inner");
            });
            assertThat(local.get("user")).isEqualTo("outer");
            assertThat(stack.pop()).contains("outer");
        });
        assertThat(local.get("user")).isEqualTo("thread");
        assertThat(stack.peek()).isEmpty();
    }

    @Test
    void scopeOfAnotherManagerSharesWhatThatDoesNotManage() {
        manager.run(() -> {
            local.set("user", "alice");
            LocalManager.of(other).run(() -> {
                other.set("x", "y");
                local.set("user", "bob");
            });
            assertThat(local.get("user")).isEqualTo("bob");
            assertThat(other.asMap().keySet()).isEmpty();
        });
    }

    @Test // M3
    void localAddedLaterIsCleanedToo() {
        LocalManager later = LocalManager.of().add(local).add(local);
        later.run(() -> local.set("user", "alice"));
        assertThat(local.asMap().keySet()).isEmpty();
        assertThat(later).hasToString("LocalManager[1 local: web]");
    }

    @Test // M3
    void localAddedInAnOpenScopeIsCleanedWhenThatEnds() throws Exception {
        manager.<Integer, ReflectiveOperationException>call(() -> {
            manager.add(other);
            other.set("user", "alice");
            assertThat(CleanLocals.left(other)).hasSize(1);
            return 0;
        });
        assertThat(other.asMap().keySet()).isEmpty();
    }

    @Test // M3
    void localAddedInAnOpenScopeLeavesTheScopeOfAnotherManagerAlone() {
        LocalManager.of(other).run(() -> {
            other.set("user", "alice");
            manager.run(() -> manager.add(other));
            assertThat(other.get("user")).isEqualTo("alice");
        });
    }

    @Test // L16, M4
    void cleanupTouchesTheCurrentContextOnly() {
        local.set("user", "thread");
        manager.run(() -> {
            local.set("user", "alice");
            stack.push("a");
            manager.cleanup();
            manager.cleanup();
            assertThat(local.asMap().keySet()).isEmpty();
            assertThat(stack.peek()).isEmpty();
            local.set("user", "bob");
        });
        assertThat(local.get("user")).isEqualTo("thread");
        manager.cleanup();
        assertThat(local.asMap().keySet()).isEmpty();
    }

    @Test // L16
    void reusedThreadHasTheLastValuesUnlessTheyAreCleanedOrManaged() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Runnable request = () -> local.set("user", "alice");
        Callable<Optional<Object>> seen = () -> local.find("user");
        try {
            pool.submit(request).get();
            assertThat(pool.submit(seen).get()).contains("alice");
            pool.submit(manager::cleanup).get();
            assertThat(pool.submit(seen).get()).isEmpty();
            assertThat(pool.submit(() -> CleanLocals.left(local)).get()).isEmpty();
            pool.submit(manager.managed(request)).get();
            assertThat(pool.submit(seen).get()).isEmpty();
            assertThat(pool.submit(() -> CleanLocals.left(local)).get()).isEmpty();
        } finally {
            pool.shutdown();
        }
    }

    @Test // M7
    void valuesGoAlsoWhenTheApplicationThrows() {
        assertThatThrownBy(() -> manager.run(() -> {
            local.set("user", "alice");
            throw failure;
        })).isSameAs(failure).hasNoSuppressedExceptions();
        assertThat(local.asMap().keySet()).isEmpty();
        assertThatThrownBy(() -> manager.managed(() -> {
            local.set("user", "alice");
            throw failure;
        }).call()).isSameAs(failure).hasNoSuppressedExceptions();
        assertThat(local.asMap().keySet()).isEmpty();
    }

    @Test // J7
    void callPassesTheExactTypeOfTheException() {
        IOException checked = new IOException("read");
        try {
            readsAFile(checked);
        } catch (IOException thrown) {
            assertThat(thrown).isSameAs(checked).hasNoSuppressedExceptions();
        }
        assertThat(manager.<Integer, RuntimeException>call(() -> 7)).isEqualTo(7);
    }

    private void readsAFile(IOException checked) throws IOException {
        manager.<String, IOException>call(() -> {
            throw checked;
        });
    }

    @Test
    void exitHooksStillSeeTheValues() {
        List<Object> seen = new ArrayList<>();
        manager.run(() -> {
            local.set("user", "alice");
            ScopedContext.onExit(failed -> seen.add(local.get("user")));
        });
        assertThat(seen).containsExactly("alice");
    }

    @Test
    void eachFormRunsInAScopeOfItsOwnAndSeesWhatIsBound() throws Exception {
        List<String> ran = new ArrayList<>();
        var runnable = manager.managed(() -> request(ran, "run"));
        var callable = manager.managed(() -> answer(ran, "call"));
        var function = manager.managedFunction((String a) -> answer(ran, a));
        ScopedContext.where(KEY, "!").call(() -> {
            runnable.run();
            assertThat(callable.call()).isEqualTo("done");
            assertThat(callable.call()).isEqualTo("done");
            assertThat(function.apply("apply")).isEqualTo("done");
            assertThat(function.apply("again")).isEqualTo("done");
            return null;
        });
        assertThat(ran).containsExactly("run!", "call!", "call!", "apply!", "again!");
        assertThat(local.asMap().keySet()).isEmpty();
    }

    private void request(List<String> ran, String form) {
        assertThat(local.asMap().keySet()).isEmpty();
        local.set("form", form);
        ran.add(form + KEY.get());
    }

    private String answer(List<String> ran, String form) {
        request(ran, form);
        return "done";
    }

    @Test // M9
    void whatIsWrappedSaysWhatItIs() {
        Runnable task = new Runnable() {
            @Override
            public void run() {
            }

            @Override
            public String toString() {
                return "application";
            }
        };
        String managed = "application in LocalManager[2 locals: web, stack]";
        assertThat(manager.managed(task)).hasToString(managed);
        assertThat(manager.managed(new Application())).hasToString(managed);
        assertThat(manager.managedFunction(new Application())).hasToString(managed);
    }

    /** A task and a function. */
    private static final class Application implements Callable<String>, Function<String, String> {

        @Override
        public String call() {
            return "";
        }

        @Override
        public String apply(String argument) {
            return argument;
        }

        @Override
        public String toString() {
            return "application";
        }
    }

    @Test // M10
    void countsItsLocals() {
        assertThat(LocalManager.of()).hasToString("LocalManager[0 locals]");
        assertThat(LocalManager.of(local)).hasToString("LocalManager[1 local: web]");
        assertThat(manager).hasToString("LocalManager[2 locals: web, stack]");
        try (OpenScope scope = manager.open()) {
            assertThat(scope).hasToString("LocalScope of LocalManager[2 locals: web, stack]");
        }
    }

    @Test // M11
    void contextIdIsStableInOneContextAndDiffersBetweenContexts() {
        String ofThread = manager.contextId();
        assertThat(manager.contextId()).isEqualTo(ofThread);
        List<String> ids = new ArrayList<>(List.of(ofThread));
        manager.run(() -> {
            ids.add(manager.contextId());
            ScopedContext.where(KEY, "x").run(() -> assertThat(manager.contextId()).isEqualTo(ids.get(1)));
            LocalManager.of(other).run(() -> assertThat(manager.contextId()).isEqualTo(ids.get(1)));
            manager.run(() -> ids.add(manager.contextId()));
            assertThat(manager.contextId()).isEqualTo(ids.get(1));
            ContextSnapshot.empty().run(() -> assertThat(manager.contextId()).isEqualTo(ofThread));
            assertThat(LocalManager.of(other).contextId()).isEqualTo(ofThread);
        });
        manager.run(() -> ids.add(manager.contextId()));
        assertThat(ids).hasSize(4).doesNotHaveDuplicates();
        assertThat(manager.contextId()).isEqualTo(ofThread);
    }

    @Test
    void snapshotNamesTheLocalsThatItHas() {
        manager.run(() -> assertThat(ScopedContext.capture())
                .hasToString("ContextSnapshot[managed scope, stack, web]"));
    }
}
