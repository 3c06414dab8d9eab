package dev.scopedcontext.jmh;

import java.util.stream.Stream;

/** {@code ThreadLocal}, used as one would by hand: one for each key, put back as it was and leaving nothing behind. */
final class RawThreadLocal {
    private static final ThreadLocal<Object> A = new ThreadLocal<>();
    private static final ThreadLocal<Object> B = new ThreadLocal<>();
    private static final ThreadLocal<Object> C = new ThreadLocal<>();
    private static final ThreadLocal<Object> D = new ThreadLocal<>();
    private static final ThreadLocal<Object> E = new ThreadLocal<>();
    private static final ThreadLocal<Object> F = new ThreadLocal<>();
    private static final ThreadLocal<Object> G = new ThreadLocal<>();
    private static final ThreadLocal<Object> H = new ThreadLocal<>();
    private static final ThreadLocal<Object> ABSENT = new ThreadLocal<>();

    @SuppressWarnings("unchecked")
    private static final ThreadLocal<Object>[] MANY = Stream.generate(ThreadLocal::new).limit(32)
            .toArray(ThreadLocal[]::new);

    private RawThreadLocal() {
    }

    static Object get() {
        return A.get();
    }

    static Object absentOrElse(Object other) {
        Object value = ABSENT.get();
        return value != null ? value : other;
    }

    static Object get(int key) {
        return MANY[key].get();
    }

    static void runMany(int keys, Object value, Runnable body) {
        for (int i = 0; i < keys; i++) {
            MANY[i].set(value);
        }
        try {
            body.run();
        } finally {
            for (int i = 0; i < keys; i++) {
                MANY[i].remove();
            }
        }
    }

    static void run(int keys, Object value, Runnable body) {
        switch (keys) {
            case 1 -> runOne(A, value, body);
            case 4 -> runFour(value, value, value, value, body);
            default -> runEight(value, body);
        }
    }

    private static void runOne(ThreadLocal<Object> key, Object value, Runnable body) {
        Object before = key.get();
        key.set(value);
        try {
            body.run();
        } finally {
            restore(key, before);
        }
    }

    private static void runFour(Object a, Object b, Object c, Object d, Runnable body) {
        Object beforeA = A.get();
        Object beforeB = B.get();
        Object beforeC = C.get();
        Object beforeD = D.get();
        A.set(a);
        B.set(b);
        C.set(c);
        D.set(d);
        try {
            body.run();
        } finally {
            restore(A, beforeA);
            restore(B, beforeB);
            restore(C, beforeC);
            restore(D, beforeD);
        }
    }

    private static void runEight(Object value, Runnable body) {
        Object beforeE = E.get();
        Object beforeF = F.get();
        Object beforeG = G.get();
        Object beforeH = H.get();
        E.set(value);
        F.set(value);
        G.set(value);
        H.set(value);
        try {
            runFour(value, value, value, value, body);
        } finally {
            restore(E, beforeE);
            restore(F, beforeF);
            restore(G, beforeG);
            restore(H, beforeH);
        }
    }

    private static void restore(ThreadLocal<Object> key, Object before) {
        if (before == null) {
            key.remove();
        } else {
            key.set(before);
        }
    }

    /** Binds as many keys, one inside the other. */
    static void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            runOne(MANY[levels - 1], value, () -> nest(levels - 1, value, body));
        }
    }

    /** Captures four keys. */
    static Object capture() {
        return new Captured(A.get(), B.get(), C.get(), D.get());
    }

    /** Wraps with four keys. */
    static Runnable wrap(Runnable task) {
        Object a = A.get();
        Object b = B.get();
        Object c = C.get();
        Object d = D.get();
        return () -> runFour(a, b, c, d, task);
    }

    private record Captured(Object a, Object b, Object c, Object d) {
    }
}
