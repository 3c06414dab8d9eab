package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.OnThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Compares random programs with a model that is a plain map. A program nests runs, calls, attachments, snapshots,
 * wrapped tasks and threads. It uses sixteen keys, some of which are mirrored, or dropped or copied at hand-offs. Each
 * step compares every way to read each key, and each mirror, with the model.
 */
@ExtendWith(CleanThread.class)
class ModelTest {

    private static final int PROGRAMS = 1_000;
    private static final int DEEPEST = 24;
    private static final int COPIED = 1_000;

    /** The values that mirrors show on this thread, by the index of the key. */
    private static final ThreadLocal<Map<Integer, Integer>> SHOWN = ThreadLocal.withInitial(HashMap::new);

    private static final List<ContextKey<Integer>> KEYS = keys();
    private static final List<ThreadFactory> THREADS = OnThread.kinds();

    private static List<ContextKey<Integer>> keys() {
        List<ContextKey<Integer>> keys = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            ContextKey.Builder<Integer> key = ContextKey.builder("k" + i);
            if (isMirrored(i)) {
                key.mirror(mirror(i));
            }
            if (isDropped(i)) {
                key.handOff(HandOff.drop());
            }
            if (isCopied(i)) {
                key.handOff(HandOff.copy(value -> value + COPIED));
            }
            keys.add(key.build());
        }
        return keys;
    }

    private static boolean isMirrored(int key) {
        return key % 4 == 1;
    }

    private static boolean isDropped(int key) {
        return key % 8 == 5;
    }

    private static boolean isCopied(int key) {
        return key % 8 == 2;
    }

    private static KeyMirror<Integer> mirror(int key) {
        return new KeyMirror<>() {
            @Override
            public Runnable show(Integer value) {
                return restore(SHOWN.get().put(key, value));
            }

            @Override
            public Runnable hide() {
                return restore(SHOWN.get().remove(key));
            }

            private Runnable restore(@Nullable Integer before) {
                return () -> {
                    if (before == null) {
                        SHOWN.get().remove(key);
                    } else {
                        SHOWN.get().put(key, before);
                    }
                };
            }
        };
    }

    @Test // J6
    void randomProgramsBehaveAsTheModel() throws Exception {
        long base = Long.getLong("model.seed", System.nanoTime());
        System.out.println("ModelTest: -Dmodel.seed=" + base);
        try (LogLines ignored = LogLines.capture()) {
            for (int i = 0; i < PROGRAMS; i++) {
                try {
                    new Program(base + i).outside(0);
                } catch (Throwable failure) {
                    throw new AssertionError("-Dmodel.seed=" + (base + i) + " fails in its first program", failure);
                }
            }
        }
    }

    /** One program. Its parts on other threads are joined at once, so threads share no state. */
    private static final class Program {

        /** A snapshot, and its content in the model. */
        private record Captured(ContextSnapshot snapshot, Map<Integer, Integer> model) {
        }

        private record Attached(Attachment attachment, Map<Integer, Integer> before) {
        }

        /** Ends a block early; the outer block continues. */
        private static final class Thrown extends RuntimeException {

            private static final long serialVersionUID = 1L;

            Thrown() {
                super("ends a block", null, false, false);
            }
        }

        private final Random random;
        private final List<Captured> captured = new ArrayList<>();
        private int steps = 150;

        Program(long seed) {
            this.random = new Random(seed);
            captured.add(new Captured(ContextSnapshot.empty(), Map.of()));
        }

        /** Runs some steps on a thread without an outer run. */
        void outside(int depth) throws Exception {
            block(Map.of(), depth, false);
        }

        /** Runs some steps in a run, call or snapshot. */
        private void inside(Map<Integer, Integer> bound, int depth) throws Exception {
            block(bound, depth, true);
        }

        private void block(Map<Integer, Integer> bound, int depth, boolean inRun) throws Exception {
            Map<Integer, Integer> model = bound;
            Deque<Attached> attached = new ArrayDeque<>();
            List<Attachment> dropped = new ArrayList<>();
            for (int n = random.nextInt(8); n > 0 && steps > 0; n--) {
                steps--;
                check(model);
                switch (random.nextInt(depth < DEEPEST ? 13 : 5)) {
                    case 0 -> captured.add(new Captured(ScopedContext.capture(), captureOf(model)));
                    case 1 -> {
                        Map<Integer, @Nullable Integer> added = someBindings();
                        attached.push(new Attached(bindings(added).attach(), model));
                        model = plus(model, added);
                    }
                    case 2 -> {
                        if (!attached.isEmpty()) {
                            Attached last = attached.pop();
                            last.attachment.close();
                            model = last.before;
                        }
                    }
                    case 3 -> {
                        if (!attached.isEmpty()) {
                            for (int above = random.nextInt(attached.size()); above > 0; above--) {
                                dropped.add(attached.pop().attachment);
                            }
                            Attached some = attached.pop();
                            some.attachment.close();
                            model = some.before;
                        }
                        dropped.forEach(Attachment::close);
                    }
                    case 4 -> {
                        if (inRun || !attached.isEmpty()) {
                            Map<Integer, Integer> now = model;
                            ScopedContext.onExit(failure -> check(now));
                        }
                    }
                    case 5, 6, 7 -> nested(model, depth);
                    case 8 -> throwing(model, depth);
                    case 9 -> inSnapshot(depth);
                    case 10 -> wrapped(depth);
                    case 11 -> onNewThread(depth);
                    default -> handedToNewThread(model, depth);
                }
            }
            check(model);
            if (!inRun || random.nextInt(10) > 0) {
                while (!attached.isEmpty()) {
                    Attached last = attached.pop();
                    last.attachment.close();
                    check(last.before);
                }
            }
        }

        private void nested(Map<Integer, Integer> model, int depth) throws Exception {
            Map<Integer, @Nullable Integer> added = someBindings();
            int answer = random.nextInt();
            assertThat(bindings(added).<Integer, Exception>call(() -> {
                inside(plus(model, added), depth + 1);
                return answer;
            })).isEqualTo(answer);
        }

        private void throwing(Map<Integer, Integer> model, int depth) {
            Map<Integer, @Nullable Integer> added = someBindings();
            assertThrows(Thrown.class, () -> bindings(added).call(() -> {
                inside(plus(model, added), depth + 1);
                throw new Thrown();
            }));
        }

        private void inSnapshot(int depth) throws Exception {
            Captured some = some();
            some.snapshot.call(() -> {
                inside(openOf(some.model), depth + 1);
                return 0;
            });
        }

        private void wrapped(int depth) throws Exception {
            Captured some = some();
            AtomicInteger runs = new AtomicInteger();
            var task = some.snapshot.wrap(() -> {
                inside(openOf(some.model), depth + 1);
                return runs.incrementAndGet();
            });
            assertThat(some.snapshot.wrap(task)).isSameAs(task);
            assertThat(task.call() + task.call()).isEqualTo(3);
        }

        private void onNewThread(int depth) throws Exception {
            OnThread.call(kind(), () -> {
                outside(depth + 1);
                return clean();
            });
        }

        private void handedToNewThread(Map<Integer, Integer> model, int depth) throws Exception {
            var task = ScopedContext.capture().wrap(() -> {
                inside(openOf(captureOf(model)), depth + 1);
                return 0;
            });
            OnThread.call(kind(), () -> {
                task.call();
                return clean();
            });
        }

        private ThreadFactory kind() {
            return THREADS.get(random.nextInt(THREADS.size()));
        }

        private Captured some() {
            return captured.get(random.nextInt(captured.size()));
        }

        /** Keys and the values to bind to them; null unbinds the key. */
        private Map<Integer, @Nullable Integer> someBindings() {
            Map<Integer, @Nullable Integer> some = new HashMap<>();
            for (int n = 1 + random.nextInt(random.nextInt(12) == 0 ? 16 : 3); n > 0; n--) {
                some.put(random.nextInt(KEYS.size()), random.nextInt(6) > 0 ? random.nextInt(COPIED) : null);
            }
            return some;
        }
    }

    private static Bindings bindings(Map<Integer, @Nullable Integer> added) {
        Bindings bindings = Bindings.NONE;
        for (Map.Entry<Integer, @Nullable Integer> e : added.entrySet()) {
            ContextKey<Integer> key = KEYS.get(e.getKey());
            Integer value = e.getValue();
            bindings = value == null
                    ? bindings.where(key, -1).without(key)
                    : bindings.without(key).where(key, -1).where(key, value);
        }
        return bindings;
    }

    private static Map<Integer, Integer> plus(Map<Integer, Integer> model, Map<Integer, @Nullable Integer> added) {
        Map<Integer, Integer> sum = new HashMap<>(model);
        sum.putAll(added);
        sum.values().removeIf(Objects::isNull);
        return sum;
    }

    private static Map<Integer, Integer> captureOf(Map<Integer, Integer> model) {
        Map<Integer, Integer> handed = openOf(model);
        handed.keySet().removeIf(ModelTest::isDropped);
        return handed;
    }

    private static Map<Integer, Integer> openOf(Map<Integer, Integer> model) {
        Map<Integer, Integer> opened = new HashMap<>(model);
        opened.replaceAll((key, value) -> isCopied(key) ? value + COPIED : value);
        return opened;
    }

    /** Compares every way to read with the model. Uses no assertion library, since most of the time is spent here. */
    private static void check(Map<Integer, Integer> model) {
        ContextSnapshot snapshot = ScopedContext.capture();
        Map<Integer, Integer> shown = SHOWN.get();
        int handedOver = 0;
        int mirrored = 0;
        for (int i = 0; i < KEYS.size(); i++) {
            ContextKey<Integer> key = KEYS.get(i);
            Integer expected = model.get(i);
            boolean right = key.isBound() == (expected != null) && Objects.equals(key.orElse(null), expected)
                    && (expected == null || expected.equals(key.get()))
                    && (!isMirrored(i) || Objects.equals(shown.get(i), expected));
            if (!right) {
                throw new AssertionError(key + " should be " + expected + ", is " + key.find() + " and is shown as "
                        + shown.get(i));
            }
            handedOver += expected != null && !isDropped(i) ? 1 : 0;
            mirrored += expected != null && isMirrored(i) ? 1 : 0;
        }
        if (snapshot.keys().size() != handedOver || shown.size() != mirrored) {
            throw new AssertionError(snapshot + " or " + shown + " should be of " + model);
        }
    }

    private static int clean() throws ReflectiveOperationException {
        assertThat(CleanThread.cell()).isNull();
        assertThat(SHOWN.get()).isEmpty();
        return 0;
    }
}
