package dev.scopedcontext.jmh.program;

import com.alibaba.ttl.TransmittableThreadLocal;

/** Uses a {@code TransmittableThreadLocal}. */
public final class TransmittableProgram {
    private static final TransmittableThreadLocal<String> KEY = new TransmittableThreadLocal<>();

    private TransmittableProgram() {
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
