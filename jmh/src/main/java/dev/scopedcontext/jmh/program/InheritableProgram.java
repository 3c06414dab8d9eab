package dev.scopedcontext.jmh.program;

/** Uses an inheritable thread-local. */
public final class InheritableProgram {
    private static final ThreadLocal<String> KEY = new InheritableThreadLocal<>();

    private InheritableProgram() {
    }

    /** Binds a key, and reads it. */
    public static void main(String[] args) throws Exception {
        Runnable body = () -> System.out.println(KEY.get());
        KEY.set("value");
        try {
            body.run();
        } finally {
            KEY.remove();
        }
    }
}
