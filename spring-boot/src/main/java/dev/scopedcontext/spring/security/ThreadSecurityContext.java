package dev.scopedcontext.spring.security;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.core.Transient;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.context.TransientSecurityContext;

/**
 * A security context of one thread. A thread that inherits or continues the scope of another one copies its context
 * before it uses it.
 *
 * @param owner the thread that uses the context, or null if it is captured
 * @param context returns the context; may load it
 */
record ThreadSecurityContext(@Nullable Thread owner, Supplier<SecurityContext> context) {

    /** Returns a context that the calling thread uses. */
    static ThreadSecurityContext of(Supplier<SecurityContext> context) {
        return new ThreadSecurityContext(Thread.currentThread(), context);
    }

    boolean isOwned() {
        return owner == Thread.currentThread();
    }

    /** Loads this context and returns a copy. If it cannot be loaded, using the copy throws the exception. */
    ThreadSecurityContext copyFor(@Nullable Thread thread) {
        try {
            SecurityContext copy = copyOf(context.get());
            return new ThreadSecurityContext(thread, () -> copy);
        } catch (RuntimeException failure) {
            return new ThreadSecurityContext(thread, () -> {
                throw failure;
            });
        }
    }

    /** Returns a new context, which repositories store only if they would store the given one. */
    static SecurityContext copyOf(SecurityContext context) {
        SecurityContext copy = AnnotatedElementUtils.hasAnnotation(context.getClass(), Transient.class)
                ? new TransientSecurityContext()
                : new SecurityContextImpl();
        copy.setAuthentication(context.getAuthentication());
        return copy;
    }
}
