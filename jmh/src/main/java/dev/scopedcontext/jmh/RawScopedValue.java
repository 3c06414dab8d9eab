package dev.scopedcontext.jmh;

import java.util.concurrent.Callable;

/** The JDK's own {@code ScopedValue}, where there is one. Benchmarks that use it are named {@code rawScopedValue…}. */
final class RawScopedValue {
    private RawScopedValue() {
    }

    static Object get() {
        throw needsJdk25();
    }

    static Object absentOrElse(Object other) {
        throw needsJdk25();
    }

    static Object get(int key) {
        throw needsJdk25();
    }

    static void runMany(int keys, Object value, Runnable body) {
        throw needsJdk25();
    }

    static void run(int keys, Object value, Runnable body) {
        throw needsJdk25();
    }

    static <R> R call(int keys, Object value, Callable<R> body) throws Exception {
        throw needsJdk25();
    }

    static void nest(int levels, Object value, Runnable body) {
        throw needsJdk25();
    }

    static Object capture() {
        throw needsJdk25();
    }

    static Runnable wrap(Runnable task) {
        throw needsJdk25();
    }

    private static UnsupportedOperationException needsJdk25() {
        return new UnsupportedOperationException("needs JDK 25");
    }
}
