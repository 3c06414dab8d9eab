package dev.scopedcontext;

import dev.scopedcontext.internal.StrictMode;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;

/**
 * The handle of an attachment in strict mode, if no outer {@code run} would detect that it is left open. The thread
 * refers to the attachment, and only the user refers to this handle. When the handle is garbage, the attachment can no
 * longer be closed.
 */
final class TrackedAttachment implements Attachment {

    private static final Cleaner CLEANER = Cleaner.create();

    private final LiveAttachment attachment;

    /** Returns the handle of an attachment, which is the attachment itself if it needs no other one. */
    static Attachment of(LiveAttachment attachment) {
        return StrictMode.ON && !hasRunAround(attachment) ? new TrackedAttachment(attachment) : attachment;
    }

    private static boolean hasRunAround(LiveAttachment attachment) {
        for (ExitAction p = attachment; p != null; p = p.next) {
            if (p instanceof LiveAttachment outer && outer.isOutermost()) {
                return false;
            }
        }
        return true;
    }

    private TrackedAttachment(LiveAttachment attachment) {
        this.attachment = attachment;
        CLEANER.register(this, attachment::reportIfOpen);
    }

    @Override
    public void close() {
        try {
            attachment.close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Returns the names of the keys. */
    @Override
    public String toString() {
        return attachment.toString();
    }
}
