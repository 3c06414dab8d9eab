package dev.scopedcontext.jmh.program;

/** Uses the JDK's own {@code ScopedValue}. */
public final class ScopedValueProgram {
    private static final ScopedValue<String> KEY = ScopedValue.newInstance();

    private ScopedValueProgram() {
    }

    /** Binds a key, and reads it. */
    public static void main(String[] args) throws Exception {
        ScopedValue.where(KEY, "value").run(() -> System.out.println(KEY.get()));
    }
}
