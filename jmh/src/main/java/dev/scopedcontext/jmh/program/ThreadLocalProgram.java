package dev.scopedcontext.jmh.program;

/** Uses a thread-local. */
public final class ThreadLocalProgram {
    private static final ThreadLocal<String> KEY = new ThreadLocal<>();

    private ThreadLocalProgram() {
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
