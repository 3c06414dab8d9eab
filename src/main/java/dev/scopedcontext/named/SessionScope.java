package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Endings;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.ThreadOwned;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session for work that comes in pieces. */
final class SessionScope implements OpenScope, ThreadOwned {

    private final Session session;
    private final OpenSession open;
    private final List<Consumer<? super @Nullable Throwable>> hooks;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Whether a piece has begun. It is written again when a piece ends, so that this happens before the hooks of an
     * end on another thread.
     */
    private volatile boolean used;

    SessionScope(Session session, OpenSession open) {
        this.session = session;
        this.open = open;
        this.hooks = List.copyOf(session.context().hooks());
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        requireNonNull(op, "op");
        if (closed.get()) {
            throw new IllegalStateException(this + " is closed: run nothing in it afterwards");
        }
        used = true;
        try {
            return SessionScope.<R, X>enter(session.entry(open), op);
        } finally {
            used = true;
        }
    }

    private static <R extends @Nullable Object, X extends Throwable> R enter(Entry piece,
            CallableOp<? extends R, X> op) throws X {
        return piece.bindings().call(() -> {
            piece.closeAtEnd();
            return op.call();
        });
    }

    @Override
    public void close(@Nullable Throwable failure) {
        if (closed.compareAndSet(false, true)) {
            takeOver();
            Endings.reach(op -> run(session.entry(open), op), failure, this::endInResources);
        }
    }

    /** Hooks use what the pieces of the opener have opened per task; an overlay shares what is not over yet. */
    @Override
    public void takeOver() {
        if (used && session.closesResources()) {
            open.takeOver();
        }
    }

    /** Ends in the resources alone, which nothing refuses: where the values are in effect too, if they can be. */
    private void endInResources(@Nullable Throwable failure) {
        Endings.reach(op -> run(session.entryWithoutValues(open), op), failure, this::runHooks);
    }

    private static void run(Entry piece, Runnable op) {
        SessionScope.<@Nullable Void, RuntimeException>enter(piece, () -> {
            op.run();
            return null;
        });
    }

    /** Leaves all to the hooks of a scope, whose body does nothing but fail as the work did. */
    private void runHooks(@Nullable Throwable failure) {
        ScopedContext.without().run(() -> {
            if (session.closesResources()) {
                ScopedContext.onExit(soFar -> open.close()); // first, so that it is done last
            }
            hooks.forEach(ScopedContext::onExit);
            Failures.throwIfAny(failure);
        });
    }

    /** Returns what the session returns, marked as one that is open. */
    @Override
    public String toString() {
        return "Open " + session;
    }
}
