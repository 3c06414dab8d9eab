package dev.scopedcontext.jmh;

/** The JDK's own {@code ScopedValue}. */
final class RawScopedValue {
    private static final ScopedValue<Object> VALUE = ScopedValue.newInstance();

    private RawScopedValue() {
    }

    static Object get() {
        return VALUE.get();
    }

    static void run(Object value, Runnable body) {
        ScopedValue.where(VALUE, value).run(body);
    }
}
