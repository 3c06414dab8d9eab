package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * An attachment, as an element of the stack of the scope that it is in. What stands above it there, until the
 * next attachment, was registered while it was the innermost one, and is settled when it closes.
 */
final class OpenAttachment extends Pending implements Attachment {

    /** The bindings that were added, or the context that was put in place of all. */
    private final Object attached;

    private final Scope scope;
    private final Frame outer;

    /** What the scope is in if it was made for this attachment, there being no {@code run} around it. */
    private final @Nullable Object @Nullable [] cell;

    /** Where it was attached; strict mode only. */
    private final @Nullable Throwable place;

    /** Written by the owner of the scope. */
    private boolean closed;

    private OpenAttachment(Object attached, Scope scope, @Nullable Object @Nullable [] cell) {
        super(scope.pending);
        this.attached = attached;
        this.scope = scope;
        this.outer = scope.frame;
        this.cell = cell;
        this.place = Strict.place("attached here");
    }

    /** Adds bindings to what is current. */
    static Attachment open(Bindings bindings) {
        Scope around = Scope.current();
        Scope scope = scopeIn(around);
        Frame before = scope.frame;
        OpenAttachment attachment = push(bindings, scope.frame.plus(bindings), scope, around);
        return attachment.entered(bindings.mirrored ? () -> Mirrors.show(bindings, before, scope) : null);
    }

    /** Puts a captured context in place of what is current. */
    static Attachment open(Frame captured) {
        Scope around = Scope.current();
        Scope scope = scopeIn(around);
        Frame before = scope.frame;
        OpenAttachment attachment = push(captured, captured, scope, around);
        return attachment.entered(HandOffs.isAsItIs(before, captured) ? null : () -> HandOffs.enter(before, scope));
    }

    private static Scope scopeIn(@Nullable Scope around) {
        return around == null ? new Scope(Frame.EMPTY) : around.ensureOwned("attach()");
    }

    private static OpenAttachment push(Object attached, Frame frame, Scope scope, @Nullable Scope around) {
        @Nullable
        Object[] cell = around == null ? ThreadCell.open() : null;
        OpenAttachment attachment = new OpenAttachment(attached, scope, cell);
        if (cell != null) {
            cell[0] = scope;
        }
        scope.pending = attachment;
        scope.frame = frame;
        return attachment;
    }

    /** Returns what the user gets, when what there is to do on entry has been done. */
    private Attachment entered(@Nullable Runnable entry) {
        if (entry != null) {
            try {
                entry.run();
            } catch (Throwable failure) {
                end(failure);
                throw failure;
            }
        }
        return Strict.ON && !hasRunAround() ? new TrackedAttachment(this) : this;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        ensureClosable();
        Failures.throwIfAny(end(null));
    }

    private void ensureClosable() {
        if (!scope.isOwned()) {
            throw new IllegalStateException(this + " was attached by " + scope.owner()
                    + " and can be closed by no other"
                    + " thread; this is " + Thread.currentThread() + ". Nothing was changed. To hand context to another"
                    + " thread, use ScopedContext.capture() or ContextExecutors");
        }
        if (Scope.current() != scope) {
            throw new IllegalStateException(this + " cannot be closed inside a run or call that began after it."
                    + " Nothing was changed. Close it after that has returned");
        }
        for (Pending above = scope.pending; above != this && above != null; above = above.next) {
            if (above instanceof OpenAttachment inner) {
                throw new IllegalStateException(
                        this + " cannot be closed before " + inner + ", which was attached after"
                                + " it and is still open. Nothing was changed. Close the inner one first");
            }
        }
    }

    private @Nullable Throwable end(@Nullable Throwable failure) {
        closed = true; // first, so that a hook which closes this again changes nothing
        Throwable first;
        try {
            first = scope.settle(this, failure);
        } catch (VirtualMachineError exhausted) {
            closed = false; // where there is stack again, it can be closed
            throw exhausted;
        }
        scope.pending = next;
        scope.frame = outer;
        if (cell != null) {
            cell[0] = null;
            ThreadCell.remove();
        }
        return first;
    }

    /** Drops this attachment, since the {@code run} around it, or the attachment, ends before it. */
    @Override
    void settle(@Nullable Throwable failure) {
        closed = true;
        scope.frame = outer;
        Strict.reject(
                this + " was still open when the run, call or attachment around it ended, and was dropped. Close it"
                        + " where it is attached, best with try",
                place);
    }

    /** Reports that nobody can close this any more, unless it is closed. */
    void reportIfOpen() {
        if (!closed) {
            Strict.report(this + " was never closed: it is lost, and what it binds stays bound on " + scope.owner()
                    + " for as long as that lives", place);
        }
    }

    private boolean hasRunAround() {
        for (Pending p = this; p != null; p = p.next) {
            if (p instanceof OpenAttachment a && a.cell != null) {
                return false;
            }
        }
        return true;
    }

    /** Returns the names of the keys. */
    @Override
    public String toString() {
        return (attached instanceof Bindings ? "Attachment" : "Attachment of ") + attached;
    }
}
