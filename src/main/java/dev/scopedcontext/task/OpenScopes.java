package dev.scopedcontext.task;

import org.jspecify.annotations.Nullable;

/** The task scopes that a thread has open: the innermost, which knows the one around it. */
final class OpenScopes {

    private static final ThreadLocal<@Nullable OpenTaskScope<?, ?, ?>> INNERMOST = new ThreadLocal<>();

    private OpenScopes() {
    }

    static @Nullable OpenTaskScope<?, ?, ?> innermost() {
        return INNERMOST.get();
    }

    static void push(OpenTaskScope<?, ?, ?> scope) {
        INNERMOST.set(scope);
    }

    /** Takes away the innermost, unless opening it failed before it was one. Leaves nothing behind the last. */
    static void pop(OpenTaskScope<?, ?, ?> scope, @Nullable OpenTaskScope<?, ?, ?> enclosing) {
        if (INNERMOST.get() != scope) {
            return;
        }
        if (enclosing == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(enclosing);
        }
    }
}
