package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.ThreadOwned;
import org.jspecify.annotations.Nullable;

/** One holder of an open scope, which ends when its last holder is closed. */
final class SharedScope implements OpenScope, ThreadOwned {

    private final Shared shared;

    /** Guarded by {@link #shared}. */
    private boolean closed;

    private SharedScope(Shared shared) {
        this.shared = shared;
    }

    static OpenScope of(OpenScope scope) {
        return scope instanceof SharedScope ? scope : new SharedScope(new Shared(scope));
    }

    @Override
    public OpenScope hold() {
        synchronized (shared) {
            ensureOpen();
            shared.holders++;
            return new SharedScope(shared);
        }
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        synchronized (shared) {
            if (shared.holders > 0) { // a scope that has ended refuses by itself
                ensureOpen();
            }
        }
        return shared.scope.<R, X>call(() -> {
            try {
                return op.call();
            } finally {
                shared.addMarked(Current.scope());
            }
        });
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed: run nothing in it afterwards");
        }
    }

    @Override
    public void close(@Nullable Throwable failure) {
        synchronized (shared) {
            if (closed) {
                return;
            }
            closed = true;
            shared.add(failure);
            shared.holders--;
            if (shared.holders > 0) {
                return;
            }
        }
        shared.scope.close(shared.failure);
    }

    @Override
    public void takeOver() {
        ThreadOwned.takeOver(shared.scope);
    }

    @Override
    public String toString() {
        return shared.scope.toString();
    }

    /** The part that all holders share. Fields are guarded by this. */
    private static final class Shared {

        private final OpenScope scope;
        private int holders = 1;
        private @Nullable Throwable failure;

        Shared(OpenScope scope) {
            this.scope = requireNonNull(scope, "scope");
        }

        synchronized void add(@Nullable Throwable next) {
            if (next != null) {
                failure = Failures.add(failure, next);
            }
        }

        /** Adds the failure that a piece was marked with. */
        void addMarked(@Nullable Scope piece) {
            if (piece != null && piece.isOwned()) {
                add(piece.marked());
            }
        }
    }
}
