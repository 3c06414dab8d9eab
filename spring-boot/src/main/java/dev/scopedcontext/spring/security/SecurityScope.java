package dev.scopedcontext.spring.security;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopeOpener;
import java.util.function.Supplier;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Opens scopes in which the security context is handed over to other threads, outside of web requests. Use it in jobs,
 * listeners of messages, and tests. Each web request already has such a scope.
 *
 * {@snippet class="dev.scopedcontext.spring.security.SecurityScopeTest" region="with"}
 *
 * <p>Code in the scope may change the security context, which is removed at the end. The previous one is then restored.
 * Subtasks and tasks to which the context is handed over begin with a copy that has the same authentication. Neither
 * they nor their caller see the changes of the other.
 *
 * <p>The scope requires the property {@code scopedcontext.security.enabled=true}. Without it, entering throws an {@code
 * IllegalStateException}.
 *
 * <p>Instances are immutable and thread-safe. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter.
 */
public final class SecurityScope implements ScopeOpener {

    /** Returns the context to begin with; called outside of the scope. */
    private final Supplier<SecurityContext> initial;

    private SecurityScope(Supplier<SecurityContext> initial) {
        this.initial = initial;
    }

    /**
     * Returns a scope that begins with an authentication.
     *
     * @param authentication the authentication
     * @return the scope, which takes effect when it is entered
     */
    public static SecurityScope with(Authentication authentication) {
        requireNonNull(authentication, "authentication");
        return new SecurityScope(() -> {
            SecurityContext context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(authentication);
            return context;
        });
    }

    /**
     * Returns a scope that begins with a copy of the security context of the thread that enters it. Use it if another
     * library has set the security context of a thread, such as {@code @WithMockUser} in a test.
     *
     * @return the scope, which takes effect when it is entered
     */
    public static SecurityScope ofThread() {
        return new SecurityScope(() -> ThreadSecurityContext.copyOf(SecurityContextHolder.getContext()));
    }

    /**
     * Opens a scope for work that runs in pieces.
     *
     * @return the open scope; close it after the last piece
     * @throws IllegalStateException if {@code SecurityContextHolder} uses another strategy
     */
    @Override
    public OpenScope open() {
        SecurityContext context = initial.get();
        OpenScope scope = LocalSecurityContextStrategy.open(context);
        try {
            scope.run(() -> ensureHolderSees(context));
            return scope;
        } catch (Throwable failure) {
            scope.close(failure);
            throw failure;
        }
    }

    private static void ensureHolderSees(SecurityContext context) {
        if (SecurityContextHolder.getContext() != context) {
            throw new IllegalStateException("SecurityContextHolder uses "
                    + SecurityContextHolder.getContextHolderStrategy() + ", which does not see the scope: set"
                    + " scopedcontext.security.enabled=true, and declare no other SecurityContextHolderStrategy");
        }
    }

    /** Returns the name of the class; the authentication may be secret. */
    @Override
    public String toString() {
        return "SecurityScope";
    }
}
