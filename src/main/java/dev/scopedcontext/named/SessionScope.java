package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session for work that comes in pieces. */
final class SessionScope implements OpenScope {

    private final Session session;
    private final OpenSession open;
    private final List<Consumer<? super @Nullable Throwable>> hooks;
    private final AtomicBoolean closed = new AtomicBoolean();

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
        return enter(op);
    }

    private <R extends @Nullable Object, X extends Throwable> R enter(CallableOp<? extends R, X> op) throws X {
        Entry piece = session.entry(open);
        return piece.bindings().call(() -> {
            piece.closeAtEnd();
            return op.call();
        });
    }

    @Override
    public void close(@Nullable Throwable failure) {
        if (closed.compareAndSet(false, true)) {
            this.<RuntimeException>end(failure);
        }
    }

    /** Enters for the last time, for a body that does nothing but fail as the work did. */
    @SuppressWarnings("unchecked") // what the work or a hook has thrown may be of any type
    private <X extends Throwable> void end(@Nullable Throwable failure) throws X {
        try {
            this.<@Nullable Void, X>enter(() -> {
                if (session.closesResources()) {
                    ScopedContext.onExit(soFar -> open.close()); // first, so that it is done last
                }
                hooks.forEach(ScopedContext::onExit);
                if (failure != null) {
                    throw (X) failure;
                }
                return null;
            });
        } catch (Throwable thrown) {
            if (thrown != failure) {
                throw thrown;
            }
        }
    }

    /** Returns what the session returns, marked as one that is open. */
    @Override
    public String toString() {
        return "Open " + session;
    }
}
