package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** Bindings for work that runs in pieces. */
final class OpenBindings implements OpenScope {

    private final Bindings bindings;
    private volatile boolean closed;

    OpenBindings(Bindings bindings) {
        this.bindings = bindings;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        if (closed) {
            throw new IllegalStateException(this + " is closed: no code can run in it any more");
        }
        return bindings.call(op);
    }

    @Override
    public void close(@Nullable Throwable failure) {
        closed = true;
    }

    /** Returns the names of the keys. */
    @Override
    public String toString() {
        return "OpenScope of " + bindings;
    }
}
