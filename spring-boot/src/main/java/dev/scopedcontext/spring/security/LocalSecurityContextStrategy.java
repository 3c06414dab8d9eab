package dev.scopedcontext.spring.security;

import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalVar;
import java.util.function.Supplier;
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

    private static final Local LOCAL = Local.named("spring security");

    /** The scopes of the security context. */
    static final LocalManager MANAGER = LocalManager.of(LOCAL);

    private static final LocalVar<Supplier<SecurityContext>> CONTEXT = LOCAL.var("security context", Supplier.class,
            new SecurityContextHandOff());

    private LocalSecurityContextStrategy() {
    }

    @Override
    public SecurityContext getContext() {
        return getDeferredContext().get();
    }

    @Override
    public Supplier<SecurityContext> getDeferredContext() {
        Supplier<SecurityContext> current = CONTEXT.orElse(null);
        return current == null ? setEmptyContext() : current;
    }

    /** Sets an empty context, which the caller of {@link #getContext} may change. */
    private Supplier<SecurityContext> setEmptyContext() {
        SecurityContext empty = createEmptyContext();
        Supplier<SecurityContext> context = () -> empty;
        try {
            CONTEXT.set(context);
        } catch (IllegalStateException readOnly) { // reading must succeed in hand-offs and in strict mode too
            return context;
        }
        return context;
    }

    @Override
    public void setContext(SecurityContext context) {
        Assert.notNull(context, "Only non-null SecurityContext instances are permitted");
        CONTEXT.set(() -> context);
    }

    @Override
    public void setDeferredContext(Supplier<SecurityContext> deferredContext) {
        Assert.notNull(deferredContext, "Only non-null Supplier instances are permitted");
        CONTEXT.set(() -> {
            SecurityContext context = deferredContext.get();
            Assert.notNull(context, "A Supplier<SecurityContext> returned null and is not allowed.");
            return context;
        });
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
