package service;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.OpenScope;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/** Runs code in a new span. */
record InSpan(SpanBuilder span) implements ScopeOpener {

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        OpenScope open = open();
        Throwable failure = null;
        try {
            return open.call(op);
        } catch (Throwable thrown) {
            failure = thrown;
            throw thrown;
        } finally {
            open.close(failure);
        }
    }

    @Override
    public OpenScope open() {
        return new Open(span.startSpan());
    }

    private record Open(Span span) implements OpenScope {

        @Override
        public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
            try (Scope current = span.makeCurrent()) {
                return op.call();
            }
        }

        @Override
        public void close(@Nullable Throwable failure) {
            if (failure != null) {
                span.setStatus(StatusCode.ERROR, failure.toString());
            }
            span.end();
        }
    }
}
