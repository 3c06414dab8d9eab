package dev.scopedcontext.jmh.program;

import io.helidon.common.context.Context;
import io.helidon.common.context.Contexts;

/** Uses Helidon. */
public final class HelidonProgram {
    private static final Object KEY = new Object();

    private HelidonProgram() {
    }

    /** Binds a key, and reads it. */
    public static void main(String[] args) throws Exception {
        Context context = Context.create();
        context.register(KEY, "value");
        Contexts.runInContext(context, () -> System.out.println(
                Contexts.context().flatMap(current -> current.get(KEY, String.class)).orElseThrow()));
    }
}
