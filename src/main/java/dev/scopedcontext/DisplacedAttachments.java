package dev.scopedcontext;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attachments that have lost their place on the stack to newer ones, above an attachment that keeps its place.
 * They are held weakly: one that nobody holds can never be closed, and is not kept either.
 *
 * <p>Used by the owner of the scope only.
 */
final class DisplacedAttachments {

    private static final int SOME = 64;

    final LiveAttachment base;

    /** Oldest first. */
    private final List<WeakReference<LiveAttachment>> attachments = new ArrayList<>();

    /** How many there may be before those that were collected are removed. */
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

    /** Drops the attachments above one, be it the base or one of these, and returns the innermost, if there is one. */
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
