package dev.scopedcontext.http;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.internal.HeldScope;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A holder of the scope of an exchange and of all scopes around it, for work that continues after the handler has
 * returned. The work runs in the context in which the holder was created.
 */
final class ExchangeHolder implements OpenScope {

    private final OpenExchange exchange;
    private final HeldScope holder;

    /** The holder of the scope around, or null. */
    private final @Nullable ExchangeHolder around;

    private final ContextSnapshot context;
    private final AtomicBoolean closed = new AtomicBoolean();

    ExchangeHolder(OpenExchange exchange, HeldScope holder, @Nullable ExchangeHolder around, ContextSnapshot context) {
        this.exchange = exchange;
        this.holder = holder;
        this.around = around;
        this.context = context;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        ensureOpen();
        try {
            return context.<R, X>call(() -> this.<R, X>callMarked(op));
        } catch (Throwable thrown) { // also if the context cannot be entered
            failed(thrown);
            throw thrown;
        }
    }

    /** Calls work in the context, as work of all held scopes. */
    private <R extends @Nullable Object, X extends Throwable> R callMarked(CallableOp<? extends R, X> op) throws X {
        CallableOp<R, X> piece = () -> holder.<R, X>callMarked(op);
        return around == null ? piece.call() : around.<R, X>callMarked(piece);
    }

    private void failed(Throwable failure) {
        exchange.failed(failure);
        if (around != null) {
            around.failed(failure);
        }
    }

    @Override
    public OpenScope hold() {
        ensureOpen();
        return exchange.hold(context);
    }

    private void ensureOpen() {
        if (closed.get()) {
            throw new IllegalStateException(this + " is closed: no code can run in it any more");
        }
    }

    @Override
    public void close(@Nullable Throwable failure) {
        if (closed.compareAndSet(false, true)) {
            exchange.release(holder, context, failure);
            if (around != null) {
                around.close(failure);
            }
        }
    }

    @Override
    public String toString() {
        return holder.toString();
    }
}
