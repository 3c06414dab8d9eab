package dev.scopedcontext.jmh;

/** The JDK's own {@code ScopedValue}, where there is one. Benchmarks that use it are named {@code rawScopedValue…}. */
final class RawScopedValue {
    private RawScopedValue() {
    }

    static Object get() {
        throw new UnsupportedOperationException("needs JDK 25");
    }

    static void run(Object value, Runnable body) {
        throw new UnsupportedOperationException("needs JDK 25");
    }
}
