package dev.scopedcontext.jmh.program;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;

/** Uses OpenTelemetry. */
public final class OpenTelemetryProgram {
    private static final ContextKey<String> KEY = ContextKey.named("key");

    private OpenTelemetryProgram() {
    }

    /** Binds a key, and reads it. */
    public static void main(String[] args) throws Exception {
        try (Scope scope = Context.current().with(KEY, "value").makeCurrent()) {
            System.out.println(Context.current().get(KEY));
        }
    }
}
