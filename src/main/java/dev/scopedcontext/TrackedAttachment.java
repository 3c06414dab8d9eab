package dev.scopedcontext;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;

/**
 * The handle of an attachment in strict mode, where there is no {@code run} around that would notice that it
 * is left open. The thread holds the attachment, only the user holds this: when this is collected, nobody can
 * close any more.
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
