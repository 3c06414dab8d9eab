package dev.scopedcontext.micrometer;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopeAnchor;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Failures;
import dev.scopedcontext.internal.Log;
import dev.scopedcontext.internal.StackReserve;
import org.jspecify.annotations.Nullable;

/**
 * An attachment of a context that Micrometer has set on a thread, with the previous one.
 *
 * <p>To Micrometer, a context is a variable. It is usually set back in reverse order, which closes one attachment.
 * However, the queues of Reactor set the context of each element on top of that of the previous element, and set back
 * only the last one. Setting back therefore closes all contexts that were set since. It sets the previous context again
 * if that is no longer attached. If too many are stacked and none is set back, the lower ones are closed.
 *
 * <p>No method throws into Micrometer, which would leave the values of other libraries on the thread. A context that
 * cannot be entered is replaced with one that cannot be read. A failure to set back is logged after everything is set
 * back.
 *
 * <p>The reasons are in {@code docs/decisions/0016-bridges.md}.
 */
final class MicrometerAttachment {

    /** The limit of stacked contexts, which is more than a call stack nests. */
    private static final int MANY = 1024;

    /** The stack to reserve for setting back, which Micrometer calls. */
    private static final int RESERVED = 64;

    /** The last attachment of each thread that has any. */
    private static final ThreadLocal<@Nullable MicrometerAttachment> LAST = new ThreadLocal<>();

    private final ContextSnapshot snapshot;
    private final @Nullable MicrometerAttachment outer;

    /** The number of attachments from here outwards in the same scope. */
    private final int depth;

    private final Attachment attachment;

    /** Shows whether anything was bound since. The enclosing scope closes an attachment that was not set back. */
    private final ScopeAnchor anchor;

    private MicrometerAttachment(ContextSnapshot snapshot, @Nullable MicrometerAttachment below) {
        this.snapshot = snapshot;
        this.outer = LAST.get();
        this.depth = below == null ? 1 : below.depth + 1;
        this.attachment = attach(snapshot);
        try {
            this.anchor = ScopedContext.anchor(failure -> leave());
        } catch (Throwable failure) {
            Failures.attempt(failure, attachment);
            throw failure;
        }
    }

    private static Attachment attach(ContextSnapshot snapshot) {
        try {
            return snapshot.attach();
        } catch (Throwable refusal) {
            return ContextSnapshot.refusing(refusal).attach();
        }
    }

    /**
     * Returns the context that is set on the calling thread; null if there is none, or the application has bound since.
     */
    static @Nullable MicrometerAttachment current() {
        MicrometerAttachment last = LAST.get();
        return last != null && last.anchor.isCurrent() ? last : null;
    }

    static void set(ContextSnapshot snapshot) {
        StackReserve.ensure(RESERVED);
        MicrometerAttachment current = current();
        if (current != null && current.snapshot == snapshot) {
            return;
        }
        if (current != null && current.depth == MANY) {
            setBack(null);
            current = null;
        }
        MicrometerAttachment set = new MicrometerAttachment(snapshot, current);
        try {
            LAST.set(set);
        } catch (Throwable failure) {
            set.close();
            throw failure;
        }
    }

    /** Goes back to a context that was set before, or, if that is null, to the bindings of the application. */
    static void setBack(@Nullable ContextSnapshot before) {
        MicrometerAttachment last = LAST.get();
        while (last != null && last.snapshot != before) {
            last.close();
            MicrometerAttachment next = current();
            last = next == last ? null : next; // it refuses to be closed
        }
        if (last == null && before != null) {
            set(before);
        }
    }

    private void close() {
        try {
            attachment.close();
        } catch (VirtualMachineError exhausted) {
            throw exhausted; // not logged, which would need more stack or memory
        } catch (Throwable failure) {
            Log.warn("Setting back a context that Micrometer had set has failed", failure);
        }
    }

    ContextSnapshot snapshot() {
        return snapshot;
    }

    /** Called when the attachment is closed, and when the enclosing scope ends while it is open. */
    private void leave() {
        if (outer == null) {
            LAST.remove();
        } else {
            LAST.set(outer);
        }
        attachment.close();
    }
}
