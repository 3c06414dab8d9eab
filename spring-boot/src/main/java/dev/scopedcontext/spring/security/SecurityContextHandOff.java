package dev.scopedcontext.spring.security;

import dev.scopedcontext.HandOff;
import java.util.function.Supplier;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.core.Transient;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.context.TransientSecurityContext;

/**
 * Gives each task a security context of its own, with the same authentication. A security context is mutable: if a task
 * had the one of its caller, both would see what the other sets.
 *
 * <p>A deferred context is loaded at the capture, since it may read a request that the task outlives. If it cannot be
 * loaded, the task gets the exception when it uses the context.
 */
final class SecurityContextHandOff implements HandOff<Supplier<SecurityContext>> {

    @Override
    public Supplier<SecurityContext> capture(Supplier<SecurityContext> current) {
        return copied(current);
    }

    @Override
    public Supplier<SecurityContext> open(Supplier<SecurityContext> captured) {
        return copied(captured);
    }

    private static Supplier<SecurityContext> copied(Supplier<SecurityContext> loading) {
        try {
            SecurityContext copy = copyOf(loading.get());
            return () -> copy;
        } catch (RuntimeException failure) {
            return () -> {
                throw failure;
            };
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
