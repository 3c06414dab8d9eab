package dev.scopedcontext;

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

    TrackedAttachment(LiveAttachment attachment) {
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
