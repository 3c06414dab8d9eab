package dev.scopedcontext.opentelemetry;

import dev.scopedcontext.ThreadStateCarrier;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;

/**
 * Carries OpenTelemetry's current context, with its span and baggage, when context is handed over to another thread:
 *
 * {@snippet class="dev.scopedcontext.opentelemetry.OpenTelemetryExamplesTest" region="carrier"}
 *
 * <p>A task sees the OpenTelemetry context that was current when the context of the task was captured: spans that the
 * task starts are children of the span that was current at that time. When the task ends, the previous OpenTelemetry
 * context of the thread is restored. The carrier has no effect within one thread.
 *
 * <p>The carrier works with every storage of OpenTelemetry. It is not needed with the {@link
 * ScopedContextStorageProvider}.
 */
public final class OpenTelemetryCarrier {

    private static final ThreadStateCarrier CURRENT = new ThreadStateCarrier() {
        @Override
        public Carried capture() {
            Context captured = Context.current();
            return () -> {
                Context before = Context.current();
                Scope scope = captured.makeCurrent();
                return () -> putBack(before, captured, scope);
            };
        }

        @Override
        public String toString() {
            return "OpenTelemetryCarrier.current()";
        }
    };

    private OpenTelemetryCarrier() {
    }

    /**
     * Closes the scope of the captured context and restores the context before it.
     *
     * <p>OpenTelemetry ignores the end of a scope whose context is not current, and opens no scope for a context that
     * is already current. If the task has left another context current, the captured one is made current again, so that
     * its scope can be closed. The additional scope is closed while another context is current, so that its end has no
     * effect.
     */
    @SuppressWarnings("MustBeClosedChecker")
    private static void putBack(Context before, Context captured, Scope scope) {
        Context left = Context.current();
        if (left == captured) {
            scope.close();
        } else {
            Scope again = captured.makeCurrent();
            scope.close();
            try (Scope meanwhile = left.makeCurrent()) {
                again.close();
            }
        }
        if (Context.current() != before) {
            before.makeCurrent(); // only for a storage with other rules; this scope stays open
        }
    }

    /**
     * Returns the carrier of the current context, for {@code ScopedContext.carrying}.
     *
     * @return the carrier, which is thread-safe
     */
    public static ThreadStateCarrier current() {
        return CURRENT;
    }
}
