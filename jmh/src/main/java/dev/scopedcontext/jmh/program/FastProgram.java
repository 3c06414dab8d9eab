package dev.scopedcontext.jmh.program;

import io.netty.util.concurrent.FastThreadLocal;

/** Uses Netty's {@code FastThreadLocal} on the main thread, on which it is not fast but starts no other thread. */
public final class FastProgram {
    private static final FastThreadLocal<String> KEY = new FastThreadLocal<>();

    private FastProgram() {
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
