package dev.scopedcontext.spring.servlet;

import dev.scopedcontext.Attachment;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The open attachments of the interceptors of one request, which its nested dispatches share. */
final class HandlerAttachments {

    private static final String ATTRIBUTE = HandlerAttachments.class.getName();

    /** Innermost first. Only the thread that handles the request uses it. */
    private final Deque<Entry> open = new ArrayDeque<>();

    /** Returns the attachments of a request. */
    static HandlerAttachments of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof HandlerAttachments attachments) {
            return attachments;
        }
        HandlerAttachments attachments = new HandlerAttachments();
        request.setAttribute(ATTRIBUTE, attachments);
        return attachments;
    }

    void add(AttachingInterceptor interceptor, @Nullable Attachment attachment) {
        open.push(new Entry(interceptor, attachment));
    }

    /** Closes the innermost attachment of an interceptor. */
    void closeLast(AttachingInterceptor interceptor) {
        for (Iterator<Entry> entries = open.iterator(); entries.hasNext();) {
            Entry entry = entries.next();
            if (entry.interceptor == interceptor) {
                entries.remove();
                if (entry.attachment != null) {
                    entry.attachment.close();
                }
                return;
            }
        }
    }

    /** An attachment of an interceptor, which may have attached nothing. */
    private record Entry(AttachingInterceptor interceptor, @Nullable Attachment attachment) {
    }
}
