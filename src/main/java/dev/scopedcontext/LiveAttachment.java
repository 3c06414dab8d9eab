package dev.scopedcontext;

import dev.scopedcontext.internal.Log;
import dev.scopedcontext.internal.StrictMode;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.MisuseException;
import org.jspecify.annotations.Nullable;

/**
 * An attachment, as an element of the stack of its scope. The elements above it, up to the next attachment, were
 * registered while it was the innermost one, and are settled when it closes.
 *
 * <p>A stack overflow must not leave one user's values on a thread. Therefore {@code attach} stores after its last
 * call, and {@code close} and a failed {@code attach} restore the frame by a store if a call overflows. Actions that
 * could not run then run at the end of the outer scope, or, if there is none, at the next read of the current scope.
 *
 * <p>A forgotten attachment is never closed. If it is an outermost one of a thread, no outer scope drops it either. If
 * too many are directly on top of each other, the stack keeps the lowest and the newest ones. The others become
 * {@linkplain DisplacedAttachments displaced attachments}. They can still be closed, and unreachable ones are garbage.
 *
 * <p>The reasons are in {@code docs/decisions/0005-attachments.md} and {@code docs/decisions/0006-stack-overflow.md}.
 */
final class LiveAttachment extends ExitAction implements Attachment {

    /** The bindings that were added, or the context that replaced all others. */
    private final Object attached;

    final Scope scope;
    private final Frame outer;

    /** The next outer attachment in the same scope. */
    final @Nullable LiveAttachment below;

    /** The cell of the scope, if the scope was created for this attachment. */
    private final @Nullable Object @Nullable [] cell;

    /** The place of the call, in strict mode only. */
    private final @Nullable Throwable place;

    /** The number of attachments below in the scope, at most {@link DisplacedAttachments#MOST}. */
    final short depth;

    /** Whether closing has no effect, and whether the previous frame is restored. Written by the owner of the scope. */
    private boolean closed;
    private boolean gone;

    /** The attachments that were displaced above this one, or that include this one. Written by the owner. */
    @Nullable
    DisplacedAttachments crowd;

    LiveAttachment(Object attached, Scope scope, @Nullable ExitAction next, @Nullable LiveAttachment below,
            @Nullable Object @Nullable [] cell) {
        super(next);
        this.attached = attached;
        this.scope = scope;
        this.outer = scope.frame;
        this.cell = cell;
        this.place = StrictMode.place("attached here");
        this.below = below;
        this.depth = below == null ? 0 : (short) Math.min(below.depth + 1, DisplacedAttachments.MOST);
    }

    /** Puts a frame into effect, and then runs the steps that enter it. */
    Attachment open(Frame frame, @Nullable ScopeEntry entry) {
        if (Current.STRICT) {
            RecordingBackend.add(frame);
        }
        Attachment handle = TrackedAttachment.of(this);
        if (cell != null) {
            cell[ThreadSlot.CURRENT] = scope;
        }
        scope.pending = this;
        scope.innermost = this;
        scope.frame = frame;
        if (entry == null) {
            return handle; // no call since the first store
        }
        boolean entered = false;
        try {
            entry.enterDeeper();
            entered = true;
        } catch (Throwable failure) {
            end(failure);
            throw failure;
        } finally {
            if (!entered && !gone) { // end() had no stack either: the previous frame is restored by a store
                closed = true;
                scope.frame = outer;
                scope.innermost = below;
                if (cell != null) {
                    cell[ThreadSlot.UNFINISHED] = scope;
                    cell[ThreadSlot.CURRENT] = null;
                }
            }
        }
        return handle;
    }

    @Override
    public void close() {
        if (!closed) {
            boolean owned = false;
            Throwable failure;
            try {
                owned = scope.owner == Thread.currentThread(); // without another call, since each needs stack
                ensureClosable(owned);
                failure = gone ? null : end(null);
            } catch (VirtualMachineError exhausted) {
                if (owned && !gone) { // the rest is left to the end of the outer scope, or to its next use
                    scope.frame = outer;
                    if (cell != null && cell[ThreadSlot.CURRENT] == scope) {
                        cell[ThreadSlot.UNFINISHED] = scope;
                        cell[ThreadSlot.CURRENT] = null;
                    }
                }
                throw exhausted;
            }
            Failures.throwIfAny(failure);
        }
    }

    private void ensureClosable(boolean owned) {
        if (!owned) {
            throw new MisuseException(this + " was attached by " + scope.owner
                    + " and can be closed by no other"
                    + " thread; this is " + Thread.currentThread() + ". Nothing was changed. To hand context to another"
                    + " thread, use ScopedContext.capture() or ContextExecutors", place);
        }
        if (Current.BACKEND.around(cell == null ? Current.BACKEND.cell() : cell) != scope && !gone) {
            throw new MisuseException(this + " cannot be closed inside a run or call that began after it."
                    + " Nothing was changed. Close it after that has returned", place);
        }
    }

    /** Restores the previous bindings, even if attachments above are open. Returns the failure to throw, or null. */
    private @Nullable Throwable end(@Nullable Throwable failure) {
        closed = true; // set first, so that closing this again in a hook has no effect
        boolean onStack = crowd == null || crowd.base == this || scope.pending == this;
        boolean keepsAnchors = isAmbient() && withoutAmbient(innermostIn(scope)) == withoutAmbient(below);
        ExitAction anchors = null;
        ExitAction until = onStack ? this : next;
        Mark mark = scope.markAbove(until);
        Throwable first = failure;
        try {
            if (!keepsAnchors) {
                ExitAction.announceEnd(scope.pending, until);
            }
            for (ExitAction above = scope.pending; above != until && above != null && !gone; above = scope.pending) {
                if (keepsAnchors && above.isAnchor()) {
                    scope.pending = above.next;
                    above.next = anchors;
                    anchors = above;
                } else {
                    mark = Mark.first(mark, above);
                    first = scope.settleLast(above, first, mark);
                }
            }
        } catch (VirtualMachineError exhausted) {
            closed = false;
            throw exhausted;
        }
        first = Mark.addTo(first, mark);
        if (gone) {
            return first; // a hook has closed an outer attachment
        }
        gone = true;
        LiveAttachment last = innermostIn(scope);
        scope.pending = next;
        scope.innermost = below;
        scope.frame = outer;
        if (cell != null) {
            cell[ThreadSlot.CURRENT] = null;
        } else {
            if (mark != null) {
                scope.mark(mark.failure);
            }
            scope.pushAgain(anchors);
        }
        LiveAttachment ofCrowd = crowd == null ? null : crowd.dropAbove(this);
        LiveAttachment leftOpen = last == this || (!onStack && last == below) ? ofCrowd : last;
        return leftOpen == null
                ? first
                : leftOpen.complain(first, this + " was closed while " + leftOpen
                        + ", attached after it, was still open. Both are closed, and the previous bindings are"
                        + " restored. Close attachments in reverse order, preferably with try");
    }

    /** Drops this attachment, because the outer {@code run} or attachment ends first. */
    @Override
    void settle(@Nullable Throwable failure) {
        drop();
        scope.frame = outer;
        if (crowd != null) {
            crowd.dropAbove(this);
        }
    }

    /** Marks this attachment as dropped, since an outer attachment or the scope ends. */
    void drop() {
        closed = true;
        gone = true;
    }

    /** Reports that the end of the scope has dropped this attachment. Returns the failure to throw, or null. */
    @Override
    @Nullable
    Throwable reportDropped(@Nullable Throwable failure) {
        return complain(failure, this + " was still open when the run or call around it ended, and was dropped. Close"
                + " it where it is attached, preferably with try");
    }

    private @Nullable Throwable complain(@Nullable Throwable failure, String message) {
        try {
            StrictMode.reject(message, place);
            return failure;
        } catch (Throwable complaint) {
            return Failures.add(failure, complaint);
        }
    }

    /** Reports that this attachment was left open and can no longer be closed. */
    void reportIfOpen() {
        if (!closed) {
            Log.warn(this + " was never closed and has been lost. Its bindings stay in effect on " + scope.owner
                    + " until that thread ends", place);
        }
    }

    /** Returns whether this attachment created its scope. */
    boolean isOutermost() {
        return cell != null;
    }

    /** Returns whether task scopes ignore this attachment, since a tool has attached it around arbitrary code. */
    boolean isAmbient() {
        return attached instanceof Binding bindings && bindings.size == 1 && bindings.key != null
                && bindings.key.ambient;
    }

    static @Nullable LiveAttachment innermostIn(Scope scope) {
        return (LiveAttachment) scope.innermost;
    }

    /** Returns the innermost attachment that is not ambient, from a given one outwards. */
    static @Nullable LiveAttachment withoutAmbient(@Nullable LiveAttachment innermost) {
        LiveAttachment attachment = innermost;
        while (attachment != null && attachment.isAmbient()) {
            attachment = attachment.below;
        }
        return attachment;
    }

    /** Returns the names of the keys. */
    @Override
    public String toString() {
        return (attached instanceof Binding ? "Attachment" : "Attachment of ") + attached;
    }
}
