package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of bindings, as it grows from an array that is scanned to one that is hashed. */
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
    @ValueSource(ints = {8, 9, 64})
    void valuesAreMappedAndKeysLeftOut(int count) {
        List<ContextKey<Integer>> keys = keys(count);
        Bindings all = Bindings.NONE;
        for (int i = 0; i < count; i++) {
            all = all.where(keys.get(i), i);
        }
        Frame evens = Frame.EMPTY.plus(all).map((key, value) -> (Integer) value % 2 == 0 ? value : Frame.ABSENT);
        assertThat(evens.keys()).hasSize((count + 1) / 2);
        for (int i = 0; i < count; i++) {
            assertThat(evens.lookup(keys.get(i))).isEqualTo(i % 2 == 0 ? (Object) i : Frame.ABSENT);
        }
    }

    private static List<ContextKey<Integer>> keys(int count) {
        List<ContextKey<Integer>> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(ContextKey.named("k" + i));
        }
        return keys;
    }

    private static void assertHolds(Frame frame, List<ContextKey<Integer>> keys, int offset) {
        Map<ContextKey<?>, Object> entries = new HashMap<>();
        frame.forEach(entries::put);
        assertThat(entries).hasSameSizeAs(keys);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(frame.lookup(keys.get(i))).isEqualTo(i + offset);
        }
        assertThat(frame.lookup(ContextKey.named("absent"))).isSameAs(Frame.ABSENT);
        assertThat(frame.keys()).hasSameSizeAs(keys);
    }
}
