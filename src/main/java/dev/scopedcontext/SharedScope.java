package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.HeldScope;
import dev.scopedcontext.internal.ThreadOwned;
import org.jspecify.annotations.Nullable;

/** One holder of an open scope, which ends when its last holder is closed. */
final class SharedScope implements HeldScope {

    private final Shared shared;

    /** The holder of the application that this one also closes, or null. */
    private final @Nullable SharedScope opened;

    /** Guarded by {@link #shared}. */
    private boolean closed;

    private SharedScope(Shared shared, @Nullable SharedScope opened) {
        this.shared = shared;
        this.opened = opened;
    }

    static OpenScope of(OpenScope scope) {
        return scope instanceof SharedScope ? scope : new SharedScope(new Shared(scope), null);
    }

    @Override
    public HeldScope hold() {
        return addHolder(null);
    }

    @Override
    public HeldScope own() {
        return addHolder(this);
    }

    private SharedScope addHolder(@Nullable SharedScope closedWithIt) {
        synchronized (shared) {
            ensureOpen();
            shared.holders++;
            return new SharedScope(shared, closedWithIt);
        }
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        synchronized (shared) {
            ensureOpen();
        }
        return shared.scope.<R, X>call(() -> this.<R, X>callMarked(op));
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed: no code can run in it any more");
        }
    }

    /**
     * Calls the work in a scope of its own, since the shared scope may have none, or one that surrounds several pieces.
     */
    @Override
    public <R extends @Nullable Object, X extends Throwable> R callMarked(CallableOp<? extends R, X> op) throws X {
        Piece piece = new Piece(shared);
        @Nullable
        Object[] cell = Current.BACKEND.cell();
        Scope scope = Scope.calling(Current.frame(cell).above(new Binding(Key.PIECE, piece, Binding.NONE)), op);
        try {
            Current.BACKEND.run(scope, cell);
        } finally {
            piece.running = null; // by a store, since the stack may overflow here
        }
        shared.mark(scope.marked());
        Current.markAround(scope);
        return scope.result();
    }

    @Override
    public void noteMarks() {
        shared.noteMarks();
    }

    @Override
    public void close(@Nullable Throwable failure) {
        closeOpened();
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
        shared.scope.close(shared.failureOfEnd());
    }

    private void closeOpened() {
        if (opened != null) {
            opened.close();
        }
    }

    /** Takes over the scope if this is its last holder. Otherwise, the opener continues to use its values. */
    @Override
    public void takeOver() {
        synchronized (shared) {
            if (!closed && shared.holders == closedByThis()) {
                ThreadOwned.takeOver(shared.scope);
            }
        }
    }

    /** Returns the number of holders that closing this one closes. */
    private int closedByThis() {
        int count = 0;
        for (SharedScope holder = this; holder != null; holder = holder.opened) {
            count += holder.closed ? 0 : 1;
        }
        return count;
    }

    @Override
    public String toString() {
        return shared.scope.toString();
    }

    /** The part that all holders share. Fields are guarded by this. */
    private static final class Shared {

        private final OpenScope scope;
        private int holders = 1;

        /** The first failure that a holder was closed with, or null. */
        private @Nullable Throwable failure;

        /** The first failure that a piece was marked with, or null. It counts if there is no other. */
        private @Nullable Throwable marked;

        Shared(OpenScope scope) {
            this.scope = requireNonNull(scope, "scope");
        }

        synchronized void add(@Nullable Throwable next) {
            if (next != null) {
                failure = Failures.add(failure, next);
            }
        }

        synchronized void mark(@Nullable Throwable next) {
            if (next != null) {
                marked = Failures.addUnlessRelated(marked, next);
            }
        }

        /** Records the failures with which the pieces of the calling thread have been marked so far. */
        void noteMarks() {
            mark(Piece.markedIn(this));
        }

        /** Returns the failure to end the scope with. A thrown failure takes precedence over a mark. */
        synchronized @Nullable Throwable failureOfEnd() {
            noteMarks();
            Throwable mark = marked;
            return mark == null ? failure : failure == null ? mark : Failures.addUnlessRelated(failure, mark);
        }
    }
}
