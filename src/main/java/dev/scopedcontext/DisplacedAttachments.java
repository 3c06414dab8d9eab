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
}
