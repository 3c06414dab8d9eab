package dev.scopedcontext.jmh.peer;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.stream.Stream;

/** Netty's {@code FastThreadLocal}, on the threads on which it is fast; see {@link FastThreads}. */
final class FastPeer extends SetAndRemoved {
    @SuppressWarnings("unchecked")
    private static final FastThreadLocal<Object>[] ALL = Stream.generate(FastThreadLocal::new).limit(KEYS)
            .toArray(FastThreadLocal[]::new);
    private static final FastThreadLocal<Object> A = ALL[0];
    private static final FastThreadLocal<Object> B = ALL[1];
    private static final FastThreadLocal<Object> C = ALL[2];
    private static final FastThreadLocal<Object> D = ALL[3];
    private static final FastThreadLocal<Object> E = ALL[4];
    private static final FastThreadLocal<Object> F = ALL[5];
    private static final FastThreadLocal<Object> G = ALL[6];
    private static final FastThreadLocal<Object> H = ALL[7];
    private static final FastThreadLocal<Object> WITH_DEFAULT = new FastThreadLocal<>() {
        @Override
        protected Object initialValue() {
            return DEFAULT;
        }
    };

    static Peer create() {
        return new FastPeer();
    }

    @Override
    public Object get() {
        return A.get();
    }

    @Override
    public Object get(int key) {
        return ALL[key].get();
    }

    @Override
    public Object getDefault() {
        return WITH_DEFAULT.get();
    }

    @Override
    public Object absentOrElse(int key, Object other) {
        Object value = ALL[key].getIfExists();
        return value != null ? value : other;
    }

    @Override
    public void run(int keys, Object value, Runnable body) {
        switch (keys) {
            case 1 -> run(A, value, body);
            case 2 -> run(A, value, () -> run(B, value, body));
            case 4 -> run(A, B, C, D, value, body);
            case 8 -> run(A, B, C, D, value, () -> run(E, F, G, H, value, body));
            default -> many(keys, value, body);
        }
    }

    @Override
    public void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            run(ALL[levels - 1], value, () -> nest(levels - 1, value, body));
        }
    }

    private static void run(FastThreadLocal<Object> a, Object value, Runnable body) {
        Object before = a.getAndSet(value);
        try {
            body.run();
        } finally {
            restore(a, before);
        }
    }

    private static void run(FastThreadLocal<Object> a, FastThreadLocal<Object> b, FastThreadLocal<Object> c,
            FastThreadLocal<Object> d, Object value, Runnable body) {
        Object beforeA = a.getAndSet(value);
        Object beforeB = b.getAndSet(value);
        Object beforeC = c.getAndSet(value);
        Object beforeD = d.getAndSet(value);
        try {
            body.run();
        } finally {
            restore(d, beforeD);
            restore(c, beforeC);
            restore(b, beforeB);
            restore(a, beforeA);
        }
    }

    private static void many(int keys, Object value, Runnable body) {
        Object[] before = new Object[keys];
        for (int i = 0; i < keys; i++) {
            before[i] = ALL[i].getAndSet(value);
        }
        try {
            body.run();
        } finally {
            for (int i = 0; i < keys; i++) {
                restore(ALL[i], before[i]);
            }
        }
    }

    private static void restore(FastThreadLocal<Object> key, Object before) {
        if (before == null) {
            key.remove();
        } else {
            key.set(before);
        }
    }
}
