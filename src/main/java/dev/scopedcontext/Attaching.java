package dev.scopedcontext;

import dev.scopedcontext.internal.StackReserve;
import org.jspecify.annotations.Nullable;

/** The start of an attachment: chooses its scope and its place on the stack of that scope. */
final class Attaching {

    /** The number of calls that must fit for {@code close()}, since no outer scope would drop the attachment. */
    private static final int RESERVED = 48;

    private Attaching() {
    }

    /** Adds bindings to the current ones. */
    static Attachment open(Binding bindings) {
        @Nullable
        Object[] cell = Current.BACKEND.cell();
        Scope around = Current.BACKEND.around(cell);
        Scope scope = scopeIn(around);
        Frame frame = scope.frame.plus(bindings); // before the stack is read, since nesting may push to it
        return in(bindings, scope, around, cell).open(frame,
                bindings.has(Key.MIRRORED) ? new Mirrors.Entry(scope) : null);
    }

    /** Replaces the current context with a captured one, which a snapshot holds. */
    static Attachment open(Frame captured, Object snapshot) {
        @Nullable
        Object[] cell = Current.BACKEND.cell();
        Scope around = Current.BACKEND.around(cell);
        Scope scope = scopeIn(around);
        Frame shown = HandOver.shown(around);
        Frame inside = HandOver.entered(captured, around);
        return in(snapshot, scope, around, cell).open(inside,
                HandOver.isPlain(shown, inside) ? null : new SnapshotEntry(shown, inside, scope, false));
    }

    /** Returns the scope to attach in: the outer one if the calling thread owns it, or else a new one. */
    private static Scope scopeIn(@Nullable Scope around) {
        if (around == null) {
            return Scope.of(Frame.EMPTY);
        }
        return around.isOwned() ? around : Scope.of(around.frame);
    }

    private static LiveAttachment in(Object attached, Scope scope, @Nullable Scope around,
            @Nullable Object @Nullable [] cell) {
        if (scope == around) {
            LiveAttachment last = LiveAttachment.innermostIn(scope);
            if (last == null || last.depth < DisplacedAttachments.MOST || !DisplacedAttachments.displace(last)) {
                return new LiveAttachment(attached, scope, scope.pending, last, null);
            }
            return new LiveAttachment(attached, scope, scope.pending == last ? last.next : scope.pending, last.below,
                    null);
        }
        if (around != null) {
            around.slotMayDiffer = true;
        }
        StackReserve.ensure(RESERVED);
        return new LiveAttachment(attached, scope, null, null, cell == null ? ThreadSlot.open() : cell);
    }
}
