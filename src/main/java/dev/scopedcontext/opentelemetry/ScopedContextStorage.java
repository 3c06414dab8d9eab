package dev.scopedcontext.opentelemetry;

import dev.scopedcontext.internal.Log;
import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.MisuseException;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A storage in which the current context of OpenTelemetry is the value of a key of this library. Tracing must not break
 * the traced program. Misuse of scopes is therefore logged, as by OpenTelemetry's own storage.
 */
final class ScopedContextStorage implements ContextStorage {

    private static final ContextKey<Context> CURRENT = ContextKey.<Context>builder("opentelemetry").ambient().build();

    @Override
    public @Nullable Context current() {
        try {
            return CURRENT.orElse(null);
        } catch (Throwable refusal) { // a context that cannot be read
            return null;
        }
    }

    @Override
    public Scope attach(@Nullable Context context) {
        if (context == null || context == current()) {
            return Scope.noop();
        }
        return new AttachmentScope(ScopedContext.where(CURRENT, context).attach());
    }

    /**
     * The scope of a context that was made current.
     *
     * @param attachment restores the previous context
     */
    private record AttachmentScope(Attachment attachment) implements Scope {

        @Override
        public void close() {
            try {
                attachment.close();
            } catch (MisuseException refused) {
                Log.debug("A scope of OpenTelemetry was closed out of order, or by a thread other than the one that"
                        + " made it current", refused);
            }
        }
    }
}
