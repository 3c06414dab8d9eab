package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work in a scope that has several holders, as the value of the hidden {@link Key#PIECE}. It records the
 * failures that its thread is marked with, in case the scope is closed before the piece returns. A captured context is
 * entered without it.
 */
final class Piece {

    /** The state of the piece while it runs; null afterwards, so that frames that outlive it retain nothing. */
    @Nullable
    Running running;

    /** Begins a piece on the calling thread, inside its current piece. */
    Piece(Object scope) {
        this.running = new Running(scope, innermost());
    }

    /** Returns the current piece of the calling thread itself, or null. */
    private static @Nullable Running innermost() {
        Frame frame = Current.frame();
        if (!frame.has(Key.IN_PIECE) || !frame.binds(Key.PIECE)) {
            return null;
        }
        Running running = frame.lookup(Key.PIECE) instanceof Piece piece ? piece.running : null;
        return running != null && running.thread == Thread.currentThread() ? running : null;
    }

    /** Records a failure for all pieces that the calling thread is in. */
    static void note(Throwable failure) {
        for (Running piece = innermost(); piece != null; piece = piece.around) {
            piece.marked = Failures.addUnlessRelated(piece.marked, failure);
        }
    }

    /** Returns the first mark of the pieces of a scope that the calling thread is in, or null. */
    static @Nullable Throwable markedIn(Object scope) {
        Throwable first = null;
        for (Running piece = innermost(); piece != null; piece = piece.around) {
            if (piece.scope == scope && piece.marked != null) {
                first = Failures.addUnlessRelated(first, piece.marked);
            }
        }
        return first;
    }

    /** The state of a running piece. */
    static final class Running {

        private final Object scope;
        private final @Nullable Running around;
        private final Thread thread = Thread.currentThread();
        private @Nullable Throwable marked;

        Running(Object scope, @Nullable Running around) {
            this.scope = scope;
            this.around = around;
        }
    }
}
