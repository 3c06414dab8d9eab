package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.support.OnThread;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a {@link Local} does by name, outside of any managed scope and inside of one. */
@ExtendWith({CleanThread.class, CleanLocals.class})
@SuppressWarnings("CheckReturnValue") // the point is the call
class LocalTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final Local local = Local.named("web");
    private final LocalManager manager = LocalManager.of(local);

    @AfterEach
    void removeAll() {
        local.clear();
    }

    @Test
    void whatIsSetIsThereUntilItIsRemoved() {
        local.set("user", "alice");
        assertThat(local.get("user")).isEqualTo("alice");
        assertThat(local.isSet("user")).isTrue();
        local.set("user", "bob");
        assertThat(local.get("user")).isEqualTo("bob");
        assertThat(local.remove("user")).isTrue();
        assertThat(local.isSet("user")).isFalse();
    }

    @Test // L1, L2, L3
    void threadsDoNotSeeEachOthersValues() throws Exception {
        for (ThreadFactory kind : OnThread.kinds()) {
            local.set("user", "alice");
            CountDownLatch set = new CountDownLatch(1);
            CountDownLatch checked = new CountDownLatch(1);
            FutureTask<Object> other = new FutureTask<>(() -> {
                boolean before = local.isSet("user");
                local.set("user", "bob");
                set.countDown();
                checked.await();
                return before ? "seen" : local.get("user");
            });
            kind.newThread(other).start();
            set.await();
            assertThat(local.get("user")).isEqualTo("alice");
            local.set("user", "carol");
            checked.countDown();
            assertThat(other.get()).isEqualTo("bob");
        }
    }

    @Test // L4
    void gettingWhatIsNotSetThrowsAnExceptionThatNamesIt() {
        assertThatThrownBy(() -> local.get("user")).isInstanceOf(UnboundContextException.class)
                .hasMessageStartingWith("'user' is not set in Local[web] on " + Thread.currentThread())
                .hasMessageContaining("set it earlier in the same LocalManager.run")
                .hasMessageContaining("ScopedContext.capture()");
    }

    @Test // L5
    void whatIsNotSetIsReadInEachWay() {
        assertThat(local.orElse("user", "nobody")).isEqualTo("nobody");
        assertThat(local.orElse("user", null)).isNull();
        assertThat(local.find("user")).isEmpty();
        local.set("user", "alice");
        assertThat(local.orElse("user", "nobody")).isEqualTo("alice");
        assertThat(local.find("user")).contains("alice");
    }

    @Test // L6
    void removeTellsWhetherThereWasAValue() {
        local.set("user", "alice");
        assertThat(local.remove("user")).isTrue();
        assertThat(local.remove("user")).isFalse();
        assertThat(local.remove("never set")).isFalse();
    }

    @Test // L7
    void clearEmptiesTheCurrentContextAndNoOther() throws Exception {
        local.set("user", "alice");
        OnThread.run(() -> {
            local.set("user", "bob");
            local.clear();
            assertThat(local.asMap().keySet()).isEmpty();
            assertThat(CleanLocals.left(local)).isEmpty();
        });
        assertThat(local.get("user")).isEqualTo("alice");
        local.clear();
        local.clear();
        assertThat(local.isSet("user")).isFalse();
    }

    @Test // L9
    void nullIsAValue() {
        local.set("user", null);
        assertThat(local.isSet("user")).isTrue();
        assertThat(local.get("user")).isNull();
        assertThat(local.orElse("user", "nobody")).isNull();
        assertThat(local.find("user")).isEmpty();
        assertThat(local.asMap().keySet()).containsExactly("user");
        assertThat(local.asMap()).containsEntry("user", null);
        assertThat(local.computeIfAbsent("user", name -> "computed")).isNull();
        assertThat(local.remove("user")).isTrue();
    }

    @Test // L12
    void plainCallSharesTheContext() {
        Runnable sets = () -> local.set("user", "alice");
        sets.run();
        assertThat(local.get("user")).isEqualTo("alice");
    }

    @Test // L12
    void whatIsSetInANestedBindingStaysSet() {
        manager.run(() -> {
            local.set("user", "alice");
            ScopedContext.where(KEY, "value").run(() -> {
                assertThat(local.get("user")).isEqualTo("alice");
                local.set("user", "bob");
            });
            try (Attachment attached = ScopedContext.where(KEY, "value").attach()) {
                local.set("tenant", "acme");
            }
            assertThat(local.asMap()).isEqualTo(Map.of("user", "bob", "tenant", "acme"));
        });
        assertThat(local.asMap().keySet()).isEmpty();
    }

    @Test // L12
    void whatIsSetInABindingOutsideOfAnyScopeStaysInTheThread() {
        ScopedContext.where(KEY, "value").run(() -> local.set("user", "alice"));
        assertThat(local.get("user")).isEqualTo("alice");
    }

    @Test // L13
    void namesAndMapAreThoseOfTheCurrentContextAsItIsNow() throws Exception {
        OnThread.run(() -> local.set("other", "thread"));
        local.set("user", "alice");
        local.set("tenant", "acme");
        Set<String> names = local.asMap().keySet();
        Map<String, Object> map = local.asMap();
        local.remove("user");
        local.set("tenant", "evil");
        assertThat(names).containsExactlyInAnyOrder("user", "tenant");
        assertThat(map).isEqualTo(Map.of("user", "alice", "tenant", "acme"));
        assertThatThrownBy(() -> names.remove("user")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.put("user", "bob")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test // L14
    void localsAreIndependentAlsoIfTheyHaveOneName() {
        Local other = Local.named("web");
        local.set("user", "alice");
        assertThat(other.isSet("user")).isFalse();
        manager.run(() -> {
            local.set("user", "bob");
            assertThat(other.isSet("user")).isFalse();
        });
    }

    @Test
    void computesOnceAndSets() {
        assertThat(local.computeIfAbsent("user", name -> name + " alice")).isEqualTo("user alice");
        assertThat(local.computeIfAbsent("user", name -> "bob")).isEqualTo("user alice");
        assertThat(local.get("user")).isEqualTo("user alice");
    }

    @Test
    void failureOfAComputationPassesAndNothingIsSet() {
        IllegalStateException failure = new IllegalStateException("computing");
        assertThatThrownBy(() -> local.computeIfAbsent("user", name -> {
            throw failure;
        })).isSameAs(failure);
        assertThat(local.isSet("user")).isFalse();
    }

    @Test
    void computationMaySetOtherValues() {
        local.computeIfAbsent("a", a -> local.computeIfAbsent("b", b -> "deep"));
        assertThat(local.asMap()).isEqualTo(Map.of("a", "deep", "b", "deep"));
    }

    @Test
    void manyNamesComeAndGo() {
        manager.run(() -> {
            for (int i = 0; i < 1_000; i++) {
                local.set("name " + i, i);
                if (i >= 10) {
                    assertThat(local.remove("name " + (i - 10))).isTrue();
                }
            }
            assertThat(local.asMap().keySet()).hasSize(10);
            for (int i = 990; i < 1_000; i++) {
                assertThat(local.get("name " + i)).isEqualTo(i);
            }
        });
    }

    @Test
    void nothingIsLeftInTheThreadWhenTheLastValueIsRemoved() throws Exception {
        local.set("user", "alice");
        local.set("tenant", "acme");
        local.remove("user");
        assertThat(CleanLocals.left(local)).hasSize(1);
        local.remove("tenant");
        assertThat(CleanLocals.left(local)).isEmpty();
    }

    @Test
    void showsItsNameAndNoValues() {
        local.set("user", "secret");
        assertThat(local).hasToString("Local[web]");
        assertThat(local.name()).isEqualTo("web");
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullArgumentsAreNamed() {
        assertNamed("name", () -> Local.named(null));
        assertNamed("name", () -> local.set(null, ""));
        assertNamed("name", () -> local.get(null));
        assertNamed("name", () -> local.find(null));
        assertNamed("name", () -> local.orElse(null, ""));
        assertNamed("name", () -> local.remove(null));
        assertNamed("name", () -> local.isSet(null));
        assertNamed("name", () -> local.computeIfAbsent(null, name -> ""));
        assertNamed("function", () -> local.computeIfAbsent("user", null));
        assertNamed("name", () -> local.var(null, String.class));
        assertNamed("name", () -> local.var(null));
        assertNamed("type", () -> local.var("user", null));
        assertNamed("name", () -> local.var(null, String.class, HandOff.inherit()));
        assertNamed("type", () -> local.var("user", null, HandOff.inherit()));
        assertNamed("handOff", () -> local.var("user", String.class, null));
        assertNamed("supplier", () -> local.var("user", String.class).computeIfAbsent(null));
        assertNamed("name", () -> LocalStack.named(null));
        assertNamed("element", () -> LocalStack.named("s").push(null));
        assertNamed("part", () -> LocalStack.named("s").proxy(Runnable.class, null));
        assertNamed("locals", () -> LocalManager.of((ContextLocal[]) null));
        assertNamed("local", () -> LocalManager.of((ContextLocal) null));
        assertNamed("local", () -> manager.add(null));
        assertNamed("op", () -> manager.run(null));
        assertNamed("op", () -> manager.call(null));
        assertNamed("task", () -> manager.managed((Runnable) null));
        assertNamed("task", () -> manager.managed((Callable<String>) null));
        assertNamed("function", () -> manager.managedFunction(null));
        try (OpenScope scope = manager.open()) {
            assertNamed("op", () -> scope.run(null));
            assertNamed("op", () -> scope.call(null));
        }
    }

    private static void assertNamed(String parameter, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class).hasMessage(parameter);
    }
}
