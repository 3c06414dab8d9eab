package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** Bindings for work that comes in pieces. Nothing has to be done at its end. */
final class OpenBindings implements OpenScope {

    private final Bindings bindings;
    OpenBindings(Bindings bindings) {
        this.bindings = bindings;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return bindings.call(op);
    }

    @Override
    public void close(@Nullable Throwable failure) {
    }

    /** Returns the names of the keys. */
    @Override
    public String toString() {
        return "OpenScope of " + bindings;
    }
}
