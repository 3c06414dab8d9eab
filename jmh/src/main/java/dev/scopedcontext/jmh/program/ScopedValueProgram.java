package dev.scopedcontext.jmh.program;

/** By the JDK's {@code ScopedValue}, which this JDK does not have. */
public final class ScopedValueProgram {
    private ScopedValueProgram() {
    }

    /** Binds a key, and reads it. */
    public static void main(String[] args) throws Exception {
        throw new UnsupportedOperationException("needs JDK 25");
    }
}
