package dev.scopedcontext.jmh.program;

import reactor.util.context.Context;

/** Uses Reactor's {@code Context}, which is passed manually. */
public final class ReactorProgram {
    private static final Object KEY = new Object();

    private ReactorProgram() {
    }

    /** Binds a key, and reads it. */
    public static void main(String[] args) throws Exception {
        Context context = Context.of(KEY, "value");
        System.out.println(context.<String>get(KEY));
    }
}
