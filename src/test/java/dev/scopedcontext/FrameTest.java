package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nested bindings, which are scanned if there are few and have a table if there are many. */
class FrameTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 10, 11, 12, 16, 17, 21, 22, 32, 64, 100, 1000})
    void everyKeyIsFoundHoweverManyThereAre(int count) {
        List<ContextKey<Integer>> keys = keys(count);
        Frame oneByOne = Frame.EMPTY;
        Bindings all = Bindings.NONE;
        for (int i = 0; i < count; i++) {
            oneByOne = oneByOne.plus(ScopedContext.where(keys.get(i), i));
            all = all.where(keys.get(i), i);
        }
        assertHolds(oneByOne, keys, 0);
        assertHolds(Frame.EMPTY.plus(all), keys, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9, 10, 11, 64})
    void reboundKeysKeepOneEntryEach(int count) {
        List<ContextKey<Integer>> keys = keys(count);
        Frame frame = Frame.EMPTY;
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < count; i++) {
                frame = frame.plus(ScopedContext.where(keys.get(i), i + round));
            }
            assertHolds(frame, keys, round);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 9, 20})
    void frameFindsTheSameHoweverOftenItIsSearched(int count) {
        List<ContextKey<Integer>> keys = keys(count);
        Frame frame = Frame.EMPTY;
        for (int i = 0; i < count; i++) {
            frame = frame.plus(ScopedContext.where(keys.get(i), i));
        }
        Frame inner = frame.plus(ScopedContext.where(keys.get(0), -1));
        Frame without = frame.plus(ScopedContext.without(keys.get(count - 1)));
        for (int round = 0; round < 100; round++) {
            assertHolds(frame, keys, 0);
            assertThat(inner.lookup(keys.get(0))).isEqualTo(-1);
            assertThat(inner.lookup(keys.get(count - 1))).isEqualTo(count == 1 ? -1 : count - 1);
            assertThat(without.lookup(keys.get(count - 1))).isEqualTo(Binding.ABSENT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 30, 300})
    void framesThatAreSearchedWhileBindingsAreAddedFindWhatIsInForce(int count) {
        List<ContextKey<Integer>> keys = keys(count);
        Random random = new Random(count);
        Map<Key, Object> inForce = new HashMap<>();
        Frame frame = Frame.EMPTY;
        for (int round = 0; round < 2_000; round++) {
            ContextKey<Integer> key = keys.get(random.nextInt(count));
            if (random.nextInt(4) == 0) {
                frame = frame.plus(ScopedContext.without(key));
                inForce.remove(key);
            } else {
                frame = frame.plus(ScopedContext.where(key, round));
                inForce.put(key, round);
            }
            for (int read = random.nextInt(50); read > 0; read--) {
                ContextKey<Integer> any = keys.get(random.nextInt(count));
                assertThat(frame.lookup(any)).isEqualTo(inForce.getOrDefault(any, Binding.ABSENT));
            }
        }
        assertThat(keys(frame)).isEqualTo(inForce.keySet());
    }

    @Test
    void whatIsAddedToAFullFrameSharesOneThatIsMadeAnew() {
        List<ContextKey<Integer>> keys = keys(2);
        Frame full = Frame.EMPTY;
        for (int i = 0; i <= 64; i++) {
            full = full.plus(ScopedContext.where(keys.get(0), i));
        }
        Frame one = full.plus(ScopedContext.where(keys.get(1), 1));
        Frame two = full.plus(ScopedContext.where(keys.get(1), 2));
        assertThat(one.outer).isSameAs(two.outer).isNotSameAs(full);
        assertThat(one.count()).isEqualTo(2);
        assertThat(one.lookup(keys.get(0))).isEqualTo(64);
        assertThat(full.count()).isEqualTo(65);
    }

    @Test
    void keysAreVisitedNewestFirst() {
        List<ContextKey<Integer>> keys = keys(20);
        Frame frame = Frame.EMPTY;
        for (int i = 0; i < 20; i++) {
            frame = frame.plus(ScopedContext.where(keys.get(i), i));
        }
        List<Key> visited = new ArrayList<>();
        frame.forEach(binding -> visited.add(binding.key));
        assertThat(visited).isEqualTo(reversed(keys));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 64, 100})
    void notMoreValuesAreKeptThatAreHiddenThanThereMayBe(int count) {
        List<ContextKey<Integer>> keys = keys(count);
        Frame frame = Frame.EMPTY;
        for (int round = 0; round < 1_000; round++) {
            frame = frame.plus(ScopedContext.where(keys.get(round % count), round));
            assertThat(frame.count()).isLessThanOrEqualTo(count + 65);
        }
        assertThat(frame.lookup(keys.get(999 % count))).isEqualTo(999);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 100})
    void threadsThatSearchAtOnceFindTheSame(int count) throws Exception {
        List<ContextKey<Integer>> keys = keys(count);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 200; round++) {
                Frame frame = Frame.EMPTY;
                for (ContextKey<Integer> key : keys) {
                    frame = frame.plus(ScopedContext.where(key, round));
                }
                Frame shared = frame;
                CyclicBarrier together = new CyclicBarrier(4);
                Callable<List<Object>> search = () -> {
                    together.await();
                    for (int i = 0; i < 10; i++) {
                        keys.forEach(shared::lookup);
                    }
                    return keys.stream().map(shared::lookup).toList();
                };
                for (Future<List<Object>> found : threads.invokeAll(Collections.nCopies(4, search))) {
                    assertThat(found.get()).isEqualTo(Collections.nCopies(count, round));
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 64})
    void handOffsChangeValuesAndLeaveOutKeys(int count) {
        HandOff<Integer> negated = HandOff.copy(value -> -value);
        List<ContextKey<Integer>> keys = new ArrayList<>();
        Bindings all = Bindings.NONE;
        for (int i = 0; i < count; i++) {
            keys.add(ContextKey.<Integer>builder("k" + i).handOff(i % 2 == 0 ? negated : HandOff.drop()).build());
            all = all.where(keys.get(i), i + 1);
        }
        Frame evens = HandOver.capture(Frame.EMPTY.plus(all));
        assertThat(keys(evens)).hasSize((count + 1) / 2);
        for (int i = 0; i < count; i++) {
            assertThat(evens.lookup(keys.get(i))).isEqualTo(i % 2 == 0 ? (Object) (-i - 1) : Binding.ABSENT);
        }
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    private static List<ContextKey<Integer>> keys(int count) {
        List<ContextKey<Integer>> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(ContextKey.named("k" + i));
        }
        return keys;
    }

    private static Set<Key> keys(Frame frame) {
        Set<Key> keys = new HashSet<>();
        frame.forEach(binding -> assertThat(keys.add(binding.key)).isTrue());
        return keys;
    }

    private static void assertHolds(Frame frame, List<ContextKey<Integer>> keys, int offset) {
        Map<Key, Object> entries = new HashMap<>();
        frame.forEach(binding -> entries.put(binding.key, binding.value));
        assertThat(entries).hasSameSizeAs(keys);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(frame.lookup(keys.get(i))).isEqualTo(i + offset);
        }
        assertThat(frame.lookup(ContextKey.named("absent"))).isSameAs(Binding.ABSENT);
        assertThat(keys(frame)).hasSameSizeAs(keys);
    }
}
