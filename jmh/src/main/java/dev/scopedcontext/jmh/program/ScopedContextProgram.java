package dev.scopedcontext.jmh.program;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;

/** Uses this library. */
public final class ScopedContextProgram {
    private static final ContextKey<String> KEY = ContextKey.named("key");

    private ScopedContextProgram() {
    }

    /** Binds a key, and reads it. */
    public static void main(String[] args) throws Exception {
        ScopedContext.where(KEY, "value").run(() -> System.out.println(KEY.get()));
    }
}
