package dev.scopedcontext;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.internal.Failures;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The dynamic extent of one {@code run}, {@code call} or hand-off, or of the outermost attachment of a thread that no
 * such extent surrounds. It is the only object that the {@link Backend} stores for a thread.
 *
 * <p>A scope belongs to the thread that created it. It refers to the frame of bindings in effect, which attachments
 * replace, and to a stack of actions to run when it ends: hooks, actions that undo mirrors and hand-offs, and
 * attachments that are still open. An action is pushed as soon as there is something to undo, so a failure during the
 * entry ends the scope like any other failure.
 *
 * <p>A thread that the JDK's own {@code StructuredTaskScope} forked inherits the scope of its parent and reads its
 * frame. If it attaches, it does so in a scope of its own, in its {@link ThreadSlot}.
 *
 * <p>The reasons are in {@code docs/decisions/0003-scopes-and-exit-actions.md}.
 */
final class Scope implements Runnable {

    /** Stands for "no scope" if null is not allowed. */
    static final Scope NONE = new Scope(Frame.EMPTY, null, null, null);

    final @Nullable Thread owner;

    /** The task to run; null if there is an operation, or in a scope of attachments only. */
    private final @Nullable Runnable task;

    /** The {@link CallableOp} to call, and its result afterwards. Written and read by the owner only. */
    private @Nullable Object operation;

    /** Written by the owner, read by the owner and by the threads that inherited this scope. */
    Frame frame;

    /** Written and read by the owner only: the stack, and the innermost attachment on it. */
    @Nullable
    ExitAction pending;
    @Nullable
    ExitAction innermost;

    /**
     * Whether a thread that inherited this scope has attached since, and therefore has another scope in its slot. Set
     * by any thread and never reset. Only the thread that set it needs to see it.
     */
    boolean slotMayDiffer;

    private Scope(Frame frame, @Nullable Thread owner, @Nullable Runnable task, @Nullable CallableOp<?, ?> operation) {
        this.frame = frame;
        this.owner = owner;
        this.task = task;
        this.operation = operation;
        this.slotMayDiffer = owner == null;
    }

    /** Returns a scope of the calling thread for attachments. */
    static Scope of(Frame frame) {
        return new Scope(frame, Thread.currentThread(), null, null);
    }

    /** Returns a scope of the calling thread to run a task in. */
    static Scope running(Frame frame, Runnable task) {
        return new Scope(frame, Thread.currentThread(), task, null);
    }

    /** Returns a scope of the calling thread to call an operation in. */
    static Scope calling(Frame frame, CallableOp<?, ?> operation) {
        return new Scope(frame, Thread.currentThread(), null, operation);
    }

    /**
     * Enters this scope, runs its operation, and settles its stack. Called by the backend, with this scope current.
     * Exceptions of the operation propagate unchanged, including checked ones.
     */
    @Override
    @SuppressWarnings("unchecked") // lets checked exceptions propagate
    public void run() {
        try {
            if (pending instanceof ScopeEntry entry) {
                entry.enterDeeper();
            }
            if (task != null) {
                task.run();
            } else {
                operation = ((CallableOp<?, RuntimeException>) requireNonNull(operation)).call();
            }
        } catch (Throwable failure) {
            if (pending != null) {
                end(failure);
            }
            throw failure;
        }
        if (pending != null) {
            Failures.throwIfAny(end(null));
        }
    }

    /** Returns the result of the operation. */
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // of the type that the operation has
    <R extends @Nullable Object> R result() {
        return (R) operation;
    }

    /** Marks the innermost attachment in this scope, or the scope itself, as failed, for the actions at its end. */
    void mark(Throwable failure) {
        ExitAction.Mark mark = markAbove(innermost);
        if (mark == null) {
            pending = new ExitAction.Mark(failure, pending);
        } else {
            Failures.addUnlessRelated(mark.failure, failure);
        }
    }

    /**
     * Returns the first mark above an element of the stack, or in the whole stack if that is null. Later marks are
     * suppressed into it.
     */
    ExitAction.@Nullable Mark markAbove(@Nullable ExitAction until) {
        ExitAction.Mark first = null;
        for (ExitAction action = pending; action != until && action != null; action = action.next) {
            if (action instanceof ExitAction.Mark earlier) {
                if (first != null) {
                    Failures.addUnlessRelated(earlier.failure, first.failure);
                }
                first = earlier;
            }
        }
        return first;
    }

    /** Returns the failure that this scope was marked with, or null. */
    @Nullable
    Throwable marked() {
        ExitAction.Mark mark = markAbove(null);
        return mark == null ? null : mark.failure;
    }

    private @Nullable Throwable end(@Nullable Throwable failure) {
        Throwable first = settleAll(failure);
        return innermost == null ? first : ExitAction.Mark.addTo(innermost.reportDropped(first), markAbove(null));
    }

    /** Settles the whole stack, and returns the first failure, with later ones suppressed into it. */
    @Nullable
    Throwable settleAll(@Nullable Throwable failure) {
        Throwable first = failure;
        ExitAction.Mark mark = markAbove(null);
        ExitAction.Mark.addTo(failure, mark);
        ExitAction.announceEnd(pending, null);
        for (ExitAction last = pending; last != null; last = pending) {
            mark = ExitAction.Mark.first(mark, last);
            first = settleLast(last, first, mark);
        }
        if (mark != null && failure == null) {
            mark(mark.failure); // for the outer scope
        }
        return ExitAction.Mark.addTo(first, mark);
    }

    /** Pushes an action that is set later. */
    ExitAction.Undo pushUndo() {
        ExitAction.Undo undo = new ExitAction.Undo(pending);
        pending = undo;
        return undo;
    }

    void onExit(Consumer<? super @Nullable Throwable> hook) {
        pending = new ExitAction.Hook(hook, pending);
    }

    /**
     * Settles the last element of the stack.
     *
     * @param failure the failure so far, or null
     * @param mark the mark, or null. Its failure counts if there is no other one, but is not thrown. Failures of hooks
     *         are then suppressed into it
     * @return the failure to throw so far, with later ones suppressed into it
     */
    @Nullable
    Throwable settleLast(ExitAction last, @Nullable Throwable failure, ExitAction.@Nullable Mark mark) {
        pending = last.next;
        try {
            last.settle(failure == null && mark != null ? mark.failure : failure);
            return failure;
        } catch (Throwable next) {
            if (failure == null && mark != null && last instanceof ExitAction.Hook) {
                Failures.add(mark.failure, next);
                return null;
            }
            return Failures.add(failure, next);
        }
    }

    /** Moves an element to the top of the stack, above attachments that were opened since it was pushed. */
    void raise(ExitAction element) {
        ExitAction above = pending;
        if (above == element) {
            return;
        }
        while (above != null && above.next != element) {
            above = above.next;
        }
        if (above != null) {
            above.next = element.next;
            element.next = pending;
            pending = element;
        }
    }

    /** Pushes elements that were taken from the stack, the first one lowest. */
    void pushAgain(@Nullable ExitAction elements) {
        ExitAction next = elements;
        while (next != null) {
            ExitAction element = next;
            next = element.next;
            element.next = pending;
            pending = element;
        }
    }

    boolean isOwned() {
        return owner == Thread.currentThread();
    }

    Scope ensureOwned(String operation) {
        if (!isOwned()) {
            throw new IllegalStateException(
                    operation + " needs a scope of " + Thread.currentThread() + ", but the current"
                            + " scope is inherited from " + owner
                            + ", which forked this thread with the JDK's own StructuredTaskScope."
                            + " Call it inside a run or call on this thread, or while an attachment of this thread"
                            + " is open");
        }
        return this;
    }
}
