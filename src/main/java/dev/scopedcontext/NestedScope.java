package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An open scope inside of another, as one. */
final class NestedScope implements OpenScope {

    private final OpenScope outer;
    private final OpenScope inner;
    private final AtomicBoolean closed = new AtomicBoolean();

    NestedScope(OpenScope outer, OpenScope inner) {
        this.outer = outer;
        this.inner = inner;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return outer.<R, X>call(() -> inner.<R, X>call(op));
    }

    @Override
    public void close(@Nullable Throwable failure) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Throwable first = failure;
        try {
            outer.run(() -> inner.close(failure));
        } catch (Throwable next) {
            first = Failures.add(first, next);
        }
        try {
            outer.close(first);
        } catch (Throwable next) {
            first = Failures.add(first, next);
        }
        if (failure == null) {
            Failures.throwIfAny(first);
        }
    }

    @Override
    public String toString() {
        return inner + " in " + outer;
    }
}
