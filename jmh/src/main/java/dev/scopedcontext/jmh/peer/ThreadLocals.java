package dev.scopedcontext.jmh.peer;

/**
 * Binds thread-locals directly: previous values are restored, and no values remain. In the methods that take each
 * thread-local as an argument, the caller's are constants.
 */
final class ThreadLocals {
    private ThreadLocals() {
    }

    static void run(ThreadLocal<Object> a, Object value, Runnable body) {
        Object before = a.get();
        a.set(value);
        try {
            body.run();
        } finally {
            restore(a, before);
        }
    }

    static void run(ThreadLocal<Object> a, ThreadLocal<Object> b, Object value, Runnable body) {
        Object beforeA = a.get();
        Object beforeB = b.get();
        a.set(value);
        b.set(value);
        try {
            body.run();
        } finally {
            restore(b, beforeB);
            restore(a, beforeA);
        }
    }

    static void run(ThreadLocal<Object> a, ThreadLocal<Object> b, ThreadLocal<Object> c, ThreadLocal<Object> d,
            Values values, Runnable body) {
        Object beforeA = a.get();
        Object beforeB = b.get();
        Object beforeC = c.get();
        Object beforeD = d.get();
        a.set(values.a);
        b.set(values.b);
        c.set(values.c);
        d.set(values.d);
        try {
            body.run();
        } finally {
            restore(d, beforeD);
            restore(c, beforeC);
            restore(b, beforeB);
            restore(a, beforeA);
        }
    }

    static void run(ThreadLocal<Object>[] all, int keys, Object value, Runnable body) {
        Object[] before = new Object[keys];
        for (int i = 0; i < keys; i++) {
            before[i] = all[i].get();
            all[i].set(value);
        }
        try {
            body.run();
        } finally {
            for (int i = 0; i < keys; i++) {
                restore(all[i], before[i]);
            }
        }
    }

    static void nest(ThreadLocal<Object>[] all, int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            run(all[levels - 1], value, () -> nest(all, levels - 1, value, body));
        }
    }

    private static void restore(ThreadLocal<Object> key, Object before) {
        if (before == null) {
            key.remove();
        } else {
            key.set(before);
        }
    }

    /** The values of four thread-locals. */
    record Values(Object a, Object b, Object c, Object d) {
        static Values all(Object value) {
            return new Values(value, value, value, value);
        }
    }
}
