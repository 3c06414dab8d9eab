package dev.scopedcontext.support;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A random program that binds and reads values, and forks in scopes of the JDK's own. The same seed creates the same
 * program for both kinds of values. Forked tasks run one after the other, so that their output is ordered.
 */
public final class ScopedValueProgram {

    private static final int KEYS = 6;
    private static final int DEEPEST = 8;
    private static final int STEPS = 120;

    private final Random random;
    private final Values values;
    private final boolean forks;
    private final List<String> said = new ArrayList<>();
    private final List<Object> kept = new ArrayList<>();
    private int steps;

    private ScopedValueProgram(long seed, Values values, boolean forks) {
        this.random = new Random(seed);
        this.values = values;
        this.forks = forks;
    }

    public static String ofTheJdk(long seed, boolean forks) throws Exception {
        return new ScopedValueProgram(seed, new Values.OfTheJdk(KEYS), forks).transcript();
    }

    public static String ours(long seed, boolean forks) throws Exception {
        return new ScopedValueProgram(seed, new Values.Ours(KEYS), forks).transcript();
    }

    /** A checked exception that the program itself throws. It propagates through {@code call} only. */
    private static final class Planted extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private String transcript() throws Exception {
        OnThread.call(OnThread.kinds().get(random.nextInt(2)), () -> {
            attempt(() -> steps(0));
            show();
            return null;
        });
        return String.join("\n", said);
    }

    private @Nullable Object steps(int depth) throws Exception {
        show();
        for (int n = random.nextInt(7); n > 0 && steps++ < STEPS; n--) {
            step(depth);
            show();
        }
        return random.nextInt(5);
    }

    private void step(int depth) throws Exception {
        int kind = random.nextInt(depth < DEEPEST ? 12 : 3);
        said.add("step " + kind + " at " + depth);
        switch (kind) {
            case 0 -> kept.add(bindings());
            case 1 -> refused();
            case 2 -> throwAny();
            case 3 -> overflow();
            case 4 -> onPlainThread(depth);
            case 5, 6 -> fork(depth);
            case 7 -> forkUnderOthers(depth);
            case 8 -> leaveOpen();
            default -> nested(depth);
        }
    }

    private Object bindings() {
        Object bindings = kept.isEmpty() || random.nextBoolean() ? null : kept.get(random.nextInt(kept.size()));
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            bindings = values.where(bindings, random.nextInt(KEYS), random.nextInt(6) == 0 ? null : random.nextInt(99));
        }
        for (int i = 0; i < KEYS; i++) {
            int number = i;
            Object all = bindings;
            attempt(() -> values.in(all, number));
        }
        return bindings;
    }

    private void nested(int depth) throws Exception {
        Object bindings = bindings();
        boolean caught = random.nextInt(4) > 0;
        Callable<@Nullable Object> nested = random.nextBoolean()
                ? () -> values.call(bindings, () -> steps(depth + 1))
                : () -> run(bindings, depth + 1);
        if (caught) {
            attempt(nested);
        } else {
            said.add("returns " + nested.call());
        }
    }

    private @Nullable Object run(Object bindings, int depth) throws Exception {
        Exception[] thrown = new Exception[1];
        values.run(bindings, () -> {
            try {
                steps(depth);
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                thrown[0] = failure;
            }
        });
        if (thrown[0] != null) {
            throw thrown[0];
        }
        return null;
    }

    private void throwAny() throws Exception {
        switch (random.nextInt(6)) {
            case 0 -> throw new Planted();
            case 1 -> throw new IllegalStateException();
            case 2 -> throw new AssertionError();
            default -> {
            }
        }
    }

    private void refused() {
        attempt(() -> values.where(null, -1, "x"));
        attempt(() -> values.where(values.where(null, 0, 0), -1, "x"));
        attempt(() -> values.call(values.where(null, 0, 0), null));
        attempt(() -> {
            values.run(values.where(null, 0, 0), null);
            return null;
        });
        attempt(() -> values.orElseThrow(random.nextInt(KEYS), Planted::new));
    }

    /**
     * Overflows the stack, unless there are forks. After an overflow, the JDK loses the bindings of the thread until a
     * read misses its cache. Until then, it does not fork in an open scope.
     */
    private void overflow() {
        if (!forks && random.nextInt(8) == 0) {
            Object bindings = bindings();
            try {
                deeper(bindings);
            } catch (StackOverflowError expected) {
                said.add("overflown");
            }
        }
    }

    private void deeper(Object bindings) {
        values.run(bindings, () -> deeper(bindings));
    }

    private void onPlainThread(int depth) throws Exception {
        Thread thread = new Thread(() -> attempt(() -> steps(depth + 1)));
        thread.start();
        thread.join();
    }

    private void fork(int depth) throws Exception {
        if (!forks) {
            return;
        }
        try (PlainScope scope = new PlainScope()) {
            for (int n = random.nextInt(3); n > 0; n--) {
                forked(scope, depth);
                if (random.nextBoolean()) {
                    attempt(() -> values.call(bindings(), () -> steps(depth + 1)));
                }
            }
            scope.join();
        }
    }

    private void forked(PlainScope scope, int depth) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        scope.fork(() -> {
            said.add("forked");
            attempt(() -> steps(depth + 1));
            ended.countDown();
            return null;
        });
        ended.await();
    }

    private void forkUnderOthers(int depth) throws Exception {
        if (!forks) {
            return;
        }
        try (PlainScope scope = new PlainScope()) {
            attempt(() -> values.call(bindings(), () -> {
                forked(scope, depth);
                return null;
            }));
            scope.join();
        }
    }

    /** Leaves a scope open in its own bindings, or closes it in other bindings. */
    private void leaveOpen() throws Exception {
        if (!forks) {
            return;
        }
        if (random.nextBoolean()) {
            attempt(() -> values.call(bindings(), () -> {
                PlainScope unused = new PlainScope();
                show();
                return unused == null;
            }));
        } else {
            PlainScope scope = new PlainScope();
            attempt(() -> values.call(bindings(), () -> {
                show();
                scope.close();
                return null;
            }));
            attempt(() -> {
                scope.close();
                return null;
            });
        }
    }

    private void show() {
        StringBuilder shown = new StringBuilder("  ");
        for (int i = 0; i < KEYS; i++) {
            int number = i;
            shown.append(values.isBound(i) ? '+' : '-').append(values.orElse(i, "else")).append(' ')
                    .append(result(() -> values.get(number))).append(' ')
                    .append(result(() -> values.orElseThrow(number, Planted::new))).append(' ');
        }
        said.add(shown.toString());
    }

    private void attempt(Callable<@Nullable Object> operation) {
        said.add("  gives " + result(operation));
    }

    private static String result(Callable<@Nullable Object> operation) {
        try {
            Object result = operation.call();
            return result == null || result instanceof Integer || result instanceof Boolean
                    ? String.valueOf(result)
                    : "an object";
        } catch (NoSuchElementException unbound) {
            return "NoSuchElementException";
        } catch (Exception | AssertionError failure) {
            return failure.getClass().getName();
        }
    }
}
