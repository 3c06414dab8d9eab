package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The ready uses. */
@OnEachEngine
class TaskScopesTest {

    private static final ContextKey<String> KEY = ContextKey.named("key");

    private final CountDownLatch never = new CountDownLatch(1);

    private String waitForEver() throws InterruptedException {
        never.await();
        return "never";
    }

    @Test
    void mapConcurrentReturnsResultsInOrder() throws Exception {
        List<Integer> items = IntStream.range(0, 200).boxed().toList();
        assertThat(TaskScopes.mapConcurrent(items, 8, i -> i * 2)).isEqualTo(items.stream().map(i -> i * 2).toList());
        assertThat(TaskScopes.mapConcurrent(List.<Integer>of(), 1, i -> i)).isEmpty();
    }

    @Test
    void mapConcurrentKeepsTheContextWhereTheJdksGathererLosesIt() throws Exception {
        ScopedContext.where(KEY, "value").<Void, Exception>call(() -> {
            assertThat(TaskScopes.mapConcurrent(List.of(1, 2), 2, i -> KEY.get() + i)).containsExactly("value1",
                    "value2");
            if (Runtime.version().feature() >= 24) {
                assertThat(gathered(List.of(1, 2), i -> KEY.isBound())).isEqualTo(List.of(false, false));
            }
            return null;
        });
    }

    /** Calls {@code items.stream().gather(Gatherers.mapConcurrent(2, function)).toList()}, of JDK 24. */
    private static List<?> gathered(List<Integer> items, Function<Integer, Object> function) throws Exception {
        Method mapConcurrent = Class.forName("java.util.stream.Gatherers").getMethod("mapConcurrent", int.class,
                Function.class);
        Method gather = Stream.class.getMethod("gather", Class.forName("java.util.stream.Gatherer"));
        return ((Stream<?>) gather.invoke(items.stream(), mapConcurrent.invoke(null, 2, function))).toList();
    }

    @Test
    void theFirstFailureOfMapConcurrentCancelsTheRest() {
        AtomicInteger ran = new AtomicInteger();
        RuntimeException failure = new RuntimeException("failure");
        assertThatThrownBy(() -> TaskScopes.mapConcurrent(IntStream.range(0, 1000).boxed().toList(), 1, i -> {
            ran.incrementAndGet();
            if (i == 3) {
                throw failure;
            }
            return i;
        })).isInstanceOf(ExecutionException.class).hasCause(failure);
        assertThat(ran.get()).isEqualTo(4);
    }

    @Test
    void raceReturnsTheFirstSuccessAndCancelsTheOthers() throws Exception {
        assertThat(TaskScopes.race(this::waitForEver, () -> "won", () -> {
            throw new IllegalStateException("lost");
        })).isEqualTo("won");
        assertThat(TaskScopes.race(List.<Callable<Integer>>of(() -> 1))).isEqualTo(1);
    }

    @Test
    void parCombinesTwoTypedResults() throws Exception {
        assertThat(TaskScopes.<Integer, String, String>par(() -> 1, () -> "b", (a, b) -> a + b)).isEqualTo("1b");
        int length = TaskScopes.par(() -> "one", () -> 2, (a, b) -> a.length() + b);
        assertThat(length).isEqualTo(5);
    }

    @Test
    void aTaskScopeCombinesMoreThanTwoTypedResults() throws Exception {
        try (var scope = TaskScope.open()) {
            Subtask<Integer> a = scope.fork(() -> 1);
            Subtask<String> b = scope.fork(() -> "b");
            Subtask<Long> c = scope.fork(() -> 3L);
            Subtask<Character> d = scope.fork(() -> 'd');
            Subtask<Boolean> e = scope.fork(() -> true);
            scope.join();
            assertThat(a.get() + b.get() + c.get()).isEqualTo("1b3");
            String four = a.get() + b.get() + c.get() + d.get();
            assertThat(four).isEqualTo("1b3d");
            String five = a.get() + b.get() + c.get() + d.get() + e.get();
            assertThat(five).isEqualTo("1b3dtrue");
        }
    }

    @Test
    void aFailureInParCancelsTheOthers() {
        IllegalStateException failure = new IllegalStateException("failure");
        assertThatThrownBy(() -> TaskScopes.<String, String, String>par(this::waitForEver, () -> {
            throw failure;
        }, (a, b) -> a + b)).isInstanceOf(ExecutionException.class).hasCause(failure);
    }

    @Test
    void nullArgumentsAreNamed() {
        assertThatThrownBy(() -> TaskScopes.mapConcurrent(null, 1, i -> i)).hasMessage("items");
        assertThatThrownBy(() -> TaskScopes.mapConcurrent(List.of(1), 1, null)).hasMessage("function");
        assertThatThrownBy(() -> TaskScopes.mapConcurrent(List.of(1), 0, i -> i))
                .hasMessage("maxConcurrency must be at least 1, not 0");
        assertThatThrownBy(() -> TaskScopes.race((Callable<String>[]) null)).hasMessage("tasks");
        assertThatThrownBy(() -> TaskScopes.race(this::waitForEver, null)).hasMessage("task");
        assertThatThrownBy(() -> TaskScopes.par(() -> 1, () -> 2, null)).hasMessage("combiner");
        assertThatThrownBy(() -> TaskScopes.par(() -> 1, null, (a, b) -> a)).hasMessage("second");
    }
}
