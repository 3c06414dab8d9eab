package dev.scopedcontext.spring.security;

import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalVar;
import java.util.function.Supplier;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.util.Assert;

/**
 * Keeps the security context in a local. Inside of a scope, the security context is handed over to other threads and
 * removed at the end. Outside, it is kept by the strategy that {@code SecurityContextHolder} had before.
 *
 * <p>All applications of a JVM use the one instance, because {@code SecurityContextHolder} is static. Applications
 * without scopes may have retained the strategy before it, or retain this one, also after it was replaced: all of them
 * see the same contexts.
 */
final class LocalSecurityContextStrategy implements SecurityContextHolderStrategy {

    static final LocalSecurityContextStrategy INSTANCE = new LocalSecurityContextStrategy();

    private static final Local LOCAL = Local.named("security context");

    private static final LocalManager MANAGER = LocalManager.of(LOCAL);

    /** Set in each scope, and only there. */
    private static final LocalVar<ThreadSecurityContext> CONTEXT = LOCAL.var("current",
            ThreadSecurityContext.class, new SecurityContextHandOff());

    /** Opens scopes that begin with an empty security context. */
    static final ScopeOpener SCOPE = () -> open(new SecurityContextImpl());

    private final SecurityContextHolderStrategy outside = SecurityContextHolder.getContextHolderStrategy();

    private LocalSecurityContextStrategy() {
    }

    /** Opens a scope that begins with the given security context. */
    static OpenScope open(SecurityContext context) {
        OpenScope scope = MANAGER.open();
        try {
            scope.run(() -> CONTEXT.set(ThreadSecurityContext.of(() -> context)));
            return scope;
        } catch (Throwable failure) {
            scope.close(failure);
            throw failure;
        }
    }

    @Override
    public SecurityContext getContext() {
        return getDeferredContext().get();
    }

    @Override
    public Supplier<SecurityContext> getDeferredContext() {
        ThreadSecurityContext current = CONTEXT.orElse(null);
        if (current == null) {
            return outside.getDeferredContext();
        }
        return current.isOwned() ? current.context() : begin(current).context();
    }

    /** Sets a context that the caller may change: a copy of that of another thread. */
    private static ThreadSecurityContext begin(ThreadSecurityContext other) {
        ThreadSecurityContext own = other.copyFor(Thread.currentThread());
        try {
            CONTEXT.set(own);
        } catch (IllegalStateException readOnly) { // reading must succeed in hand-offs too
            return own;
        }
        return own;
    }

    @Override
    public void setContext(SecurityContext context) {
        Assert.notNull(context, "Only non-null SecurityContext instances are permitted");
        if (isInScope()) {
            CONTEXT.set(ThreadSecurityContext.of(() -> context));
        } else {
            outside.setContext(context);
        }
    }

    @Override
    public void setDeferredContext(Supplier<SecurityContext> deferredContext) {
        Assert.notNull(deferredContext, "Only non-null Supplier instances are permitted");
        if (isInScope()) {
            CONTEXT.set(ThreadSecurityContext.of(() -> {
                SecurityContext context = deferredContext.get();
                Assert.notNull(context, "A Supplier<SecurityContext> returned null and is not allowed.");
                return context;
            }));
        } else {
            outside.setDeferredContext(deferredContext);
        }
    }

    @Override
    public void clearContext() {
        if (isInScope()) {
            setContext(createEmptyContext());
        } else {
            outside.clearContext();
        }
    }

    @Override
    public SecurityContext createEmptyContext() {
        return new SecurityContextImpl();
    }

    /** Returns whether the calling thread runs in a scope, or in a task that was handed over in one. */
    boolean isInScope() {
        return CONTEXT.isSet();
    }

    @Override
    public String toString() {
        return "LocalSecurityContextStrategy";
    }
}
