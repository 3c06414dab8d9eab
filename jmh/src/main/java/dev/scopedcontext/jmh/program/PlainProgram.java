package dev.scopedcontext.jmh.program;

/** The common part of all programs. */
public final class PlainProgram {
    private PlainProgram() {
    }

    /** Binds a key, and reads it. */
    public static void main(String[] args) throws Exception {
        Runnable body = () -> System.out.println("value");
        body.run();
    }
}
