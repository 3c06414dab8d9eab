package dev.scopedcontext.spring.security;

import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalVar;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.util.Assert;

/**
 * Keeps the security context in a local. Inside of a scope of its manager, the security context is handed over to other
 * threads and removed at the end. Outside, it belongs to the thread, as with Spring's own strategy.
 *
 * <p>All applications of a JVM use the one instance, because {@code SecurityContextHolder} is static.
 */
final class LocalSecurityContextStrategy implements SecurityContextHolderStrategy {

    static final LocalSecurityContextStrategy INSTANCE = new LocalSecurityContextStrategy();

    private static final Local LOCAL = Local.named("security context");

    /** The scopes of the security context. */
    static final LocalManager MANAGER = LocalManager.of(LOCAL);

    private static final LocalVar<ThreadSecurityContext> CONTEXT = LOCAL.var("current",
            ThreadSecurityContext.class, new SecurityContextHandOff());

    private LocalSecurityContextStrategy() {
    }

    @Override
    public SecurityContext getContext() {
        return getDeferredContext().get();
    }

    @Override
    public Supplier<SecurityContext> getDeferredContext() {
        ThreadSecurityContext current = CONTEXT.orElse(null);
        return current != null && current.isOwned() ? current.context() : begin(current).context();
    }

    /** Sets a context that the caller may change: a copy of that of another thread, or an empty one. */
    private ThreadSecurityContext begin(@Nullable ThreadSecurityContext other) {
        SecurityContext empty = createEmptyContext();
        ThreadSecurityContext own = other == null
                ? ThreadSecurityContext.of(() -> empty)
                : other.copyFor(Thread.currentThread());
        try {
            CONTEXT.set(own);
        } catch (IllegalStateException readOnly) { // reading must succeed in hand-offs and in strict mode too
            return own;
        }
        return own;
    }

    @Override
    public void setContext(SecurityContext context) {
        Assert.notNull(context, "Only non-null SecurityContext instances are permitted");
        CONTEXT.set(ThreadSecurityContext.of(() -> context));
    }

    @Override
    public void setDeferredContext(Supplier<SecurityContext> deferredContext) {
        Assert.notNull(deferredContext, "Only non-null Supplier instances are permitted");
        CONTEXT.set(ThreadSecurityContext.of(() -> {
            SecurityContext context = deferredContext.get();
            Assert.notNull(context, "A Supplier<SecurityContext> returned null and is not allowed.");
            return context;
        }));
    }

    @Override
    public void clearContext() {
        CONTEXT.remove();
    }

    @Override
    public SecurityContext createEmptyContext() {
        return new SecurityContextImpl();
    }

    /** Returns whether the current context, or the thread outside of any scope, has a security context. */
    boolean isSet() {
        return CONTEXT.isSet();
    }

    @Override
    public String toString() {
        return "LocalSecurityContextStrategy";
    }
}
