package dev.scopedcontext.task;

import org.jspecify.annotations.Nullable;

/** The open task scopes of a thread, innermost first. Each refers to the enclosing one. */
final class ScopeChain {

    private static final ThreadLocal<@Nullable LiveTaskScope<?, ?, ?>> INNERMOST = new ThreadLocal<>();

    private ScopeChain() {
    }

    static @Nullable LiveTaskScope<?, ?, ?> innermost() {
        return INNERMOST.get();
    }

    static void push(LiveTaskScope<?, ?, ?> scope) {
        INNERMOST.set(scope);
    }

    /** Removes the innermost scope. Does nothing if another scope is innermost, since opening this one has failed. */
    static void pop(LiveTaskScope<?, ?, ?> scope, @Nullable LiveTaskScope<?, ?, ?> enclosing) {
        if (INNERMOST.get() != scope) {
            return;
        }
        if (enclosing == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(enclosing);
        }
    }

    /** Returns the outermost of the scopes that the same {@code run}, {@code call} or {@code attach} leaves open. */
    static LiveTaskScope<?, ?, ?> outermostLeftOpen(LiveTaskScope<?, ?, ?> scope) {
        LiveTaskScope<?, ?, ?> outermost = scope;
        LiveTaskScope<?, ?, ?> next = scope.enclosing();
        while (next != null && next.isLeftOpen()) {
            outermost = next;
            next = next.enclosing();
        }
        return outermost;
    }

    /** Cancels a scope and those inside it, innermost first, unless they were joined. */
    static void cancelUpTo(LiveTaskScope<?, ?, ?> outermost) {
        LiveTaskScope<?, ?, ?> scope = innermost();
        while (scope != null && scope != outermost) {
            scope.cancelUnlessJoined();
            scope = scope.enclosing();
        }
        outermost.cancelUnlessJoined();
    }

    /**
     * Closes the scopes inside a scope, which is cancelled with them.
     *
     * @return the description of the outermost one inside, or null if there is none
     */
    static @Nullable String closeInside(LiveTaskScope<?, ?, ?> scope) {
        cancelUpTo(scope);
        String closed = null;
        LiveTaskScope<?, ?, ?> innermost = innermost();
        while (innermost != null && innermost != scope) {
            closed = innermost.toString();
            innermost.closeFromOutside();
            innermost = innermost();
        }
        return closed;
    }
}
