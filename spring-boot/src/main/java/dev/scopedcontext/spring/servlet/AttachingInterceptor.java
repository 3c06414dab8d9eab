package dev.scopedcontext.spring.servlet;

import dev.scopedcontext.Attachment;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.AsyncHandlerInterceptor;

/**
 * A {@code HandlerInterceptor} that attaches bindings around handlers. Use it if the bindings depend on the handler or
 * on the path that it is mapped to. Otherwise, prefer a {@link RequestScopeOpener}, which also surrounds the filters,
 * and whose hooks receive the failure of the request.
 *
 * {@snippet class="dev.scopedcontext.spring.servlet.ServletSnippetsTest" region="interceptor"}
 *
 * <p>The bindings are in effect for inner interceptors, the handler, and the rendering of its result. They are removed
 * when the request has been handled, or when it becomes asynchronous, on the thread that attached them. Each further
 * dispatch of the request attaches again. Nested dispatches, such as forwards, nest.
 *
 * <p>Interceptors are thread-safe if {@link #attach} is.
 */
public abstract class AttachingInterceptor implements AsyncHandlerInterceptor {

    /** Creates an interceptor. */
    protected AttachingInterceptor() {
    }

    /**
     * Attaches bindings or a snapshot for the time of a handler, with their {@code attach()}.
     *
     * @param request the request
     * @param handler the handler
     * @return the attachment, which this class closes, or null to attach nothing
     * @throws Exception if the handler must not be called; the exception is handled like one of the handler
     */
    protected abstract @Nullable Attachment attach(HttpServletRequest request, Object handler) throws Exception;

    @Override
    public final boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws Exception {
        HandlerAttachments.of(request).add(this, attach(request, handler));
        return true;
    }

    @Override
    public final void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
            @Nullable Exception failure) {
        HandlerAttachments.of(request).closeLast(this);
    }

    @Override
    public final void afterConcurrentHandlingStarted(HttpServletRequest request, HttpServletResponse response,
            Object handler) {
        HandlerAttachments.of(request).closeLast(this);
    }
}
