package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.support.Pool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Wrapped tasks and functions. */
@ExtendWith(CleanThread.class)
class WrapTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final ContextSnapshot alice = ScopedContext.where(USER, "alice").call(ScopedContext::capture);
    private final ContextSnapshot bob = ScopedContext.where(USER, "bob").call(ScopedContext::capture);

    @Test // H1, X7
    void contextIsThatOfWrapping() {
        Supplier<String> user = ScopedContext.where(USER, "alice")
                .call(() -> ScopedContext.capture().wrapSupplier(USER::get));
        ScopedContext.where(USER, "bob").run(() -> {
            assertThat(user.get()).isEqualTo("alice");
            assertThat(USER.get()).isEqualTo("bob");
        });
    }

    @Test
    void argumentsAndResultsPassThrough() throws Exception {
        List<Object> seen = new ArrayList<>();
        assertThat(alice.wrap((Callable<String>) USER::get).call()).isEqualTo("alice");
        assertThat(alice.wrapSupplier(USER::get).get()).isEqualTo("alice");
        assertThat(alice.wrapFunction((String x) -> x + USER.get()).apply("1")).isEqualTo("1alice");
        assertThat(alice.wrapBiFunction((String x, String y) -> x + y + USER.get()).apply("1", "2"))
                .isEqualTo("12alice");
        assertThat(alice.wrapPredicate((String x) -> x.equals(USER.get())).test("alice")).isTrue();
        alice.wrapConsumer((String x) -> seen.add(x + USER.get())).accept("1");
        alice.wrapBiConsumer((String x, String y) -> seen.add(x + y + USER.get())).accept("1", "2");
        assertThat(seen).containsExactly("1alice", "12alice");
    }

    @Test
    void checkedExceptionOfACallablePassesThrough() {
        IOException failure = new IOException("disk");
        Callable<String> task = alice.wrap((Callable<String>) () -> {
            throw failure;
        });
        assertThatThrownBy(task::call).isSameAs(failure);
    }

    @Test // H3
    void wrappedTaskRunsManyTimes() {
        AtomicInteger runs = new AtomicInteger();
        Runnable task = alice.wrap(() -> {
            assertThat(USER.get()).isEqualTo("alice");
            runs.incrementAndGet();
        });
        for (int i = 0; i < 100; i++) {
            task.run();
        }
        assertThat(runs).hasValue(100);
    }

    @Test // H3
    void wrappedTaskRunsInParallelWithAValueOfItsOwnForEachRun() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        ContextKey<Integer> number = ContextKey.<Integer>builder("number")
                .handOff(HandOff.perTask(captured -> opened.incrementAndGet(), own -> closed.addAndGet(own))).build();
        CyclicBarrier all = new CyclicBarrier(4);
        Callable<Integer> task = ScopedContext.where(USER, "alice").where(number, 0)
                .call(() -> ScopedContext.capture().wrap(() -> {
                    Integer before = number.get();
                    all.await(1, TimeUnit.MINUTES);
                    assertThat(USER.get()).isEqualTo("alice");
                    assertThat(number.get()).isEqualTo(before);
                    return before;
                }));
        List<Integer> seen = new ArrayList<>();
        ExecutorService four = Executors.newFixedThreadPool(4);
        for (Future<Integer> future : four.invokeAll(List.of(task, task, task, task))) {
            seen.add(future.get());
        }
        Pool.close(four);
        assertThat(seen).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertThat(closed).hasValue(1 + 2 + 3 + 4);
    }

    @Test // H4
    void wrappingTwiceReturnsTheSame() {
        Runnable runnable = alice.wrap((Runnable) () -> {
        });
        assertThat(bob.wrap(runnable)).isSameAs(runnable);
        Callable<String> callable = alice.wrap((Callable<String>) USER::get);
        assertThat(bob.wrap(callable)).isSameAs(callable);
        Supplier<String> supplier = alice.wrapSupplier(USER::get);
        assertThat(bob.wrapSupplier(supplier)).isSameAs(supplier);
        Function<String, String> function = alice.wrapFunction(x -> x);
        assertThat(bob.wrapFunction(function)).isSameAs(function);
        BiFunction<String, String, String> biFunction = alice.wrapBiFunction((x, y) -> x);
        assertThat(bob.wrapBiFunction(biFunction)).isSameAs(biFunction);
        Consumer<String> consumer = alice.wrapConsumer(x -> {
        });
        assertThat(bob.wrapConsumer(consumer)).isSameAs(consumer);
        BiConsumer<String, String> biConsumer = alice.wrapBiConsumer((x, y) -> {
        });
        assertThat(bob.wrapBiConsumer(biConsumer)).isSameAs(biConsumer);
        Predicate<String> predicate = alice.wrapPredicate(x -> true);
        assertThat(bob.wrapPredicate(predicate)).isSameAs(predicate);
    }

    @Test
    void wrappedTaskTellsWhatItIs() {
        Runnable runnable = new Runnable() {
            @Override
            public void run() {
            }

            @Override
            public String toString() {
                return "the task";
            }
        };
        assertThat(alice.wrap(runnable)).hasToString("the task in ContextSnapshot[user]");
    }

    @Test
    void nullIsRefusedByName() {
        assertNull("task", () -> alice.wrap((Runnable) null));
        assertNull("task", () -> alice.wrap((Callable<String>) null));
        assertNull("supplier", () -> alice.wrapSupplier(null));
        assertNull("function", () -> alice.wrapFunction(null));
        assertNull("function", () -> alice.wrapBiFunction(null));
        assertNull("consumer", () -> alice.wrapConsumer(null));
        assertNull("consumer", () -> alice.wrapBiConsumer(null));
        assertNull("predicate", () -> alice.wrapPredicate(null));
        assertNull("op", () -> alice.run(null));
        assertNull("op", () -> alice.call(null));
    }

    private static void assertNull(String parameter, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(parameter);
    }
}
