package dev.scopedcontext.named;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Failures;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a session, of an overlay or of a piece of one.
 *
 * <p>The reasons are in {@code docs/decisions/0010-named-contexts.md}.
 */
final class SessionEnd {

    private final List<Consumer<? super @Nullable Throwable>> hooks;

    /** The session or task whose resources are closed, or null: an overlay shares those of another session. */
    private final @Nullable LiveSession toClose;

    SessionEnd(List<Consumer<? super @Nullable Throwable>> hooks, @Nullable LiveSession toClose) {
        this.hooks = hooks;
        this.toClose = toClose;
    }

    boolean closesResources() {
        return toClose != null;
    }

    /** Registers this as an exit hook of the innermost scope, which is that of the session. Called before the body. */
    void register() {
        if (toClose != null || !hooks.isEmpty()) {
            ScopedContext.onExit(this::reach);
        }
    }

    /**
     * Runs the hooks, and then closes the resources, even if hooks fail.
     *
     * @param failure the failure of the body, or null. Failures of hooks and closers are suppressed into it; if it is
     *        null, the first one is thrown
     */
    void reach(@Nullable Throwable failure) {
        Throwable first = failure;
        if (!hooks.isEmpty()) {
            first = Failures.attempt(failure, () -> runHooks(failure));
        }
        LiveSession session = toClose;
        if (session != null) {
            first = Failures.attempt(first, session::close);
        }
        if (failure == null) {
            Failures.throwIfAny(first);
        }
    }

    /** Runs the hooks in a scope of their own, which fails like the body so that the hooks get the failure. */
    private void runHooks(@Nullable Throwable failure) {
        ScopedContext.without().run(() -> {
            hooks.forEach(ScopedContext::onExit);
            Failures.throwIfAny(failure);
        });
    }
}
