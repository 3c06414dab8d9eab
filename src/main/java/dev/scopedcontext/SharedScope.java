package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.HeldScope;
import dev.scopedcontext.internal.ThreadOwned;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One holder of an open scope, which ends when its last holder is closed. */
final class SharedScope implements HeldScope {

    private final Shared shared;

    /** The holder of the application that this one closes, too, or null. */
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
            throw new IllegalStateException(this + " is closed: run nothing in it afterwards");
        }
    }

    /** Calls the work in a scope of its own: the shared scope need not have one, or only one around several pieces. */
    @Override
    public <R extends @Nullable Object, X extends Throwable> R callMarked(CallableOp<? extends R, X> op) throws X {
        Scope piece = new Scope(Current.frame());
        shared.begin(piece);
        R result;
        try {
            result = Current.<R, X>call(piece, op);
        } finally {
            shared.end(piece);
        }
        shared.mark(piece);
        Current.markAround(piece);
        return result;
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

    /** Takes the scope over if this is its last holder. Otherwise, the opener goes on to use what the scope keeps. */
    @Override
    public void takeOver() {
        closeOpened();
        synchronized (shared) {
            if (!closed && shared.holders == 1) {
                ThreadOwned.takeOver(shared.scope);
            }
        }
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

        /** The pieces that are running. */
        private final List<Scope> pieces = new ArrayList<>(1);

        Shared(OpenScope scope) {
            this.scope = requireNonNull(scope, "scope");
        }

        synchronized void begin(Scope piece) {
            pieces.add(piece);
        }

        synchronized void end(Scope piece) {
            pieces.remove(piece);
        }

        synchronized void add(@Nullable Throwable next) {
            if (next != null) {
                failure = Failures.add(failure, next);
            }
        }

        synchronized void mark(Scope piece) {
            Throwable next = piece.marked();
            if (next != null) {
                marked = Failures.add(marked, next);
            }
        }

        /** Keeps the marks of pieces that the calling thread runs, and of the innermost scope in them. */
        synchronized void noteMarks() {
            boolean runsPiece = false;
            for (Scope piece : pieces) {
                if (piece.isOwned()) {
                    mark(piece);
                    runsPiece = true;
                }
            }
            Scope innermost = runsPiece ? Current.scope() : null;
            if (innermost != null && innermost.isOwned()) {
                mark(innermost);
            }
        }

        /** Returns the failure to end the scope with: the one that was thrown goes before a mark. */
        synchronized @Nullable Throwable failureOfEnd() {
            noteMarks();
            Throwable mark = marked;
            return mark == null ? failure : failure == null ? mark : Failures.add(failure, mark);
        }
    }
}
