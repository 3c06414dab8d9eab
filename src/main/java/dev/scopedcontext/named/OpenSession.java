package dev.scopedcontext.named;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.ThreadOwned;
import org.jspecify.annotations.Nullable;

/** An open session, in which work runs in pieces. {@link OpenScope#sharing} closes it once. */
final class OpenSession implements OpenScope, ThreadOwned {

    private final Session session;
    private final LiveSession live;
    private final SessionEnd end;

    /**
     * Whether a piece has begun. It is written again when a piece ends, so that the piece happens-before the hooks of
     * an end on another thread.
     */
    private volatile boolean used;

    private volatile boolean closed;

    OpenSession(Session session, LiveSession live, SessionEnd end) {
        this.session = session;
        this.live = live;
        this.end = end;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        if (closed) {
            throw new IllegalStateException(this + " is closed: no code can run in it any more");
        }
        used = true;
        try {
            return session.piece(live).<R, X>call(op);
        } finally {
            used = true;
        }
    }

    @Override
    public void close(@Nullable Throwable failure) {
        closed = true;
        takeOver();
        Endings.reach(op -> session.piece(live).run(op), failure, this::endInResources);
    }

    /**
     * Ends with the resources bound, which cannot fail. The values are also in effect, unless binding them has failed.
     */
    private void endInResources(@Nullable Throwable failure) {
        Endings.reach(op -> session.pieceWithoutValues(live).run(op), failure, end::reach);
    }

    /** Hooks use the instances per task of the thread that opened this. An overlay leaves them to its session. */
    @Override
    public void takeOver() {
        if (used && end.closesResources()) {
            live.takeOver();
        }
    }

    /** Returns the description of the session, marked as open. */
    @Override
    public String toString() {
        return "Open " + session;
    }
}
