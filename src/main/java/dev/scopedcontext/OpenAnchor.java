package dev.scopedcontext;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An anchor, as an element of the stack of the scope that it is in. Anchors are released in reverse order of
 * being dropped, or nearly so: one that is not on top stays on the stack, doing nothing, until those above it
 * have gone.
 */
final class OpenAnchor extends Pending implements ScopeAnchor {

    private final @Nullable Scope scope;

    /** What was in force; null where that is for another thread to change, because the scope is inherited. */
    private final @Nullable Frame frame;

    private final Consumer<? super @Nullable Throwable> hook;

    private boolean released;

    private OpenAnchor(@Nullable Scope scope, @Nullable Frame frame, Consumer<? super @Nullable Throwable> hook,
            @Nullable Pending next) {
        super(next);
        this.scope = scope;
        this.frame = frame;
        this.hook = hook;
    }

    static ScopeAnchor drop(Consumer<? super @Nullable Throwable> hook) {
        Scope scope = Scope.current();
        if (scope == null || !scope.isOwned()) {
            return new OpenAnchor(scope, null, hook, null);
        }
        OpenAnchor anchor = new OpenAnchor(scope, scope.frame, hook, scope.pending);
        scope.pending = anchor;
        return anchor;
    }

    @Override
    public boolean isCurrent() {
        return Scope.current() == scope && (frame == null || scope == null || scope.frame == frame);
    }

    @Override
    public void release() {
        released = true;
        if (scope != null && scope.isOwned()) {
            while (scope.pending instanceof OpenAnchor top && top.released) {
                scope.pending = top.next;
            }
        }
    }

    @Override
    void settle(@Nullable Throwable failure) {
        if (!released) {
            released = true;
            hook.accept(failure);
        }
    }
}
