package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The dynamic extent of one {@code run}, {@code call} or hand-off, or of the outermost attachment of a thread
 * with none around: what the {@link Backend} keeps for a thread.
 *
 * <p>A scope belongs to the thread that made it. It points to the frame of bindings in force, which
 * attachments swap, and to a stack of what is owed when it ends: hooks, the undoing of mirrors and hand-offs,
 * attachments still open. Whatever has to be undone is put on that stack as soon as it is done, so that a
 * failure half-way through an entry ends the scope like any other failure.
 *
 * <p>A thread that the JDK's own {@code StructuredTaskScope} forked inherits the scope of its parent. It may
 * read the frame, and no more.
 */
final class Scope {

    /** Stands for "no scope" where null cannot. */
    static final Scope NONE = new Scope(Frame.EMPTY, null);

    private static final BackendChoice CHOICE = BackendChoice.make();
    private static final Backend BACKEND = CHOICE.backend();

    static {
        CHOICE.warnIfNotAsExpected();
    }

    private final @Nullable Thread owner;

    /** Written by the owner, read by the owner and by the threads that inherited this scope. */
    Frame frame;

    /** The owner's alone. */
    @Nullable
    Pending pending;

    /** Makes a scope of the calling thread. */
    Scope(Frame frame) {
        this(frame, Thread.currentThread());
    }

    private Scope(Frame frame, @Nullable Thread owner) {
        this.frame = frame;
        this.owner = owner;
    }

    static BackendReport backend() {
        return CHOICE.report();
    }

    /** Returns the innermost scope that the calling thread is in, or inherited. */
    static @Nullable Scope current() {
        return BACKEND.current();
    }

    /** Makes this the current scope for the duration of an operation. */
    <R extends @Nullable Object, X extends Throwable> R enter(CallableOp<? extends R, X> op) throws X {
        return BACKEND.call(this, op);
    }

    /** Calls an operation and settles what it leaves behind; called by the backend, with this scope in place. */
    <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        R result;
        try {
            result = op.call();
        } catch (Throwable failure) {
            if (pending != null) {
                settle(null, failure);
            }
            throw failure;
        }
        if (pending != null) {
            Failures.throwIfAny(settle(null, null));
        }
        return result;
    }

    void onExit(Runnable undo) {
        pending = new Pending.Undo(undo, pending);
    }

    void onExit(Consumer<? super @Nullable Throwable> hook) {
        pending = new Pending.Hook(hook, pending);
    }

    /**
     * Does all that is owed above an element of the stack, which stays, and returns the failure so far: the
     * given one with later ones suppressed into it, or the first.
     */
    @Nullable
    Throwable settle(@Nullable Pending until, @Nullable Throwable failure) {
        Throwable first = failure;
        for (Pending last = pending; last != until && last != null; last = pending) {
            pending = last.next;
            try {
                last.settle(first);
            } catch (Throwable next) {
                first = Failures.add(first, next);
            }
        }
        return first;
    }

    boolean isOwned() {
        return owner == Thread.currentThread();
    }

    @Nullable
    Thread owner() {
        return owner;
    }

    Scope ensureOwned(String operation) {
        if (!isOwned()) {
            throw new IllegalStateException(
                    operation + " needs a scope of " + Thread.currentThread() + " itself, but its"
                            + " context is inherited from " + owner
                            + ", which forked it with the JDK's own StructuredTaskScope."
                            + " Call it inside a run or call on this thread");
        }
        return this;
    }
}
