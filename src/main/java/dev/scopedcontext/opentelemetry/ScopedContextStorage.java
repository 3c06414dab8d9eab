package dev.scopedcontext.opentelemetry;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopeAnchor;
import dev.scopedcontext.ScopedContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextStorage;
import io.opentelemetry.context.Scope;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A storage in which the current context of OpenTelemetry is the value of a key of ours. Tracing must not break
 * the program that is traced, so what our attachments refuse is logged here, as OpenTelemetry's own storage
 * does.
 */
final class ScopedContextStorage implements ContextStorage {

    private static final ContextKey<Context> CURRENT = ContextKey.named("opentelemetry");

    private final AtomicBoolean warned = new AtomicBoolean();

    @Override
    public @Nullable Context current() {
        return CURRENT.orElse(null);
    }

    @Override
    public Scope attach(@Nullable Context context) {
        if (context == null || context == current()) {
            return Scope.noop();
        }
        Attachment attachment;
        try {
            attachment = ScopedContext.where(CURRENT, context).attach();
        } catch (IllegalStateException refused) {
            if (!warned.getAndSet(true)) {
                log(WARNING, "A span could not be made current, so spans below it have the wrong parent. Other times"
                        + " are not logged", refused);
            }
            return Scope.noop();
        }
        return new Attached(attachment);
    }

    private static void log(System.Logger.Level level, String message, @Nullable Throwable cause) {
        System.getLogger("dev.scopedcontext").log(level, message, cause);
    }

    /** A context that has been made current. */
    private static final class Attached implements Scope {

        private final Attachment attachment;
        private final Thread owner = Thread.currentThread();

        /** Tells whether nothing was bound since that is still bound. */
        private final ScopeAnchor anchor = ScopedContext.anchor(failure -> {
        });

        Attached(Attachment attachment) {
            this.attachment = attachment;
        }

        @Override
        public void close() {
            if (owner == Thread.currentThread() && anchor.isCurrent()) {
                attachment.close();
            } else {
                log(DEBUG, "A scope of OpenTelemetry was closed twice, out of order, or not by " + owner
                        + ", which made it current. Ignored: " + attachment, null);
            }
        }
    }
}
