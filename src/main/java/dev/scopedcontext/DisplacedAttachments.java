package dev.scopedcontext;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attachments that newer ones have displaced from the stack, above an attachment that stays on the stack.
 * References to them are weak: an attachment that is not reachable otherwise can never be closed.
 *
 * <p>Used only by the owner of the scope.
 */
final class DisplacedAttachments {

    /** The number of attachments directly on top of each other that the stack keeps. */
    static final short MOST = 1024;

    /** The number of actions that are searched for an attachment to displace. */
    private static final int FEW = 8;

    private static final int SOME = 64;

    final LiveAttachment base;

    /** Oldest first. */
    private final List<WeakReference<LiveAttachment>> attachments = new ArrayList<>();

    /** The number of references at which cleared ones are removed. */
    private int limit = SOME;

    DisplacedAttachments(LiveAttachment base) {
        this.base = base;
    }

    void add(LiveAttachment attachment) {
        if (attachments.size() == limit) {
            attachments.removeIf(reference -> reference.get() == null);
            limit = Math.max(SOME, 2 * attachments.size());
        }
        attachments.add(new WeakReference<>(attachment));
    }

    /** Drops the attachments above the base or above one of these. Returns the innermost dropped one, or null. */
    @Nullable
    LiveAttachment dropAbove(LiveAttachment lowest) {
        LiveAttachment innermost = null;
        for (int last = attachments.size() - 1; last >= 0; last--) {
            LiveAttachment attachment = attachments.remove(last).get();
            if (attachment == lowest) {
                break;
            }
            if (attachment != null) {
                attachment.drop();
                innermost = innermost == null ? attachment : innermost;
            }
        }
        return innermost;
    }

    /**
     * Moves the innermost attachment of a scope from the stack to the displaced attachments above the next one below.
     * Returns false if it must stay, since actions were registered between the two.
     */
    static boolean displace(LiveAttachment attachment) {
        LiveAttachment base = attachment.below;
        if (base == null || nextExceptReleased(attachment) != base) {
            return false;
        }
        Scope scope = attachment.scope;
        if (scope.pending != attachment) {
            ExitAction above = scope.pending;
            for (int i = 0; i < FEW && above != null && above.next != attachment; i++) {
                above = above.next;
            }
            if (above == null || above.next != attachment) {
                return false;
            }
            above.next = base;
        }
        attachment.next = base;
        if (base.crowd == null) {
            base.crowd = new DisplacedAttachments(base);
        }
        attachment.crowd = base.crowd;
        attachment.crowd.add(attachment);
        return true;
    }

    /** Returns the first element below an attachment that is not a released anchor. */
    private static @Nullable ExitAction nextExceptReleased(LiveAttachment attachment) {
        ExitAction element = attachment.next;
        while (element != null && element.isReleased()) {
            element = element.next;
        }
        return element;
    }
}
