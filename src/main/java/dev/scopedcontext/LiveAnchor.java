package dev.scopedcontext;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An anchor, as an element of the stack of the scope that it is in. Anchors are released in reverse order of
 * being dropped, or nearly so: one that is not on top stays on the stack, doing nothing, until those above it
 * have gone.
 */
final class LiveAnchor extends ExitAction implements ScopeAnchor {

    private final @Nullable Scope scope;

    /** The innermost attachment in that scope; none if the scope is another thread's, which may attach meanwhile. */
    private final @Nullable LiveAttachment innermost;

    /** The same without ambient attachments. */
    private final @Nullable Scope structureScope;
    private final @Nullable LiveAttachment structure;

    /** The action to run at the end of the scope; none if this is released. */
    private @Nullable Consumer<? super @Nullable Throwable> hook;

    private boolean ending;

    private LiveAnchor(@Nullable Scope scope, @Nullable ExitAction next, Consumer<? super @Nullable Throwable> hook) {
        super(next);
        this.scope = scope;
        this.innermost = innermost(scope);
        this.structureScope = structureScope(scope);
        this.structure = LiveAttachment.withoutAmbient(innermost);
        this.hook = hook;
    }

    /** Returns an anchor that only tells whether it is current. */
    static ScopeAnchor drop() {
        return new LiveAnchor(Current.scope(), null, failure -> {
        });
    }

    static ScopeAnchor drop(Consumer<? super @Nullable Throwable> hook) {
        Scope scope = Current.scope();
        if (scope == null || !scope.isOwned()) {
            return new LiveAnchor(scope, null, hook);
        }
        LiveAnchor anchor = new LiveAnchor(scope, scope.pending, hook);
        scope.pending = anchor;
        return anchor;
    }

    private static @Nullable LiveAttachment innermost(@Nullable Scope scope) {
        return scope == null || !scope.isOwned() ? null : LiveAttachment.innermostIn(scope);
    }

    /** Returns the scope of the calling thread, unless it is inherited, or made by ambient attachments only. */
    private static @Nullable Scope structureScope(@Nullable Scope scope) {
        return scope == null || !scope.isOwned() || LiveAttachment.isAmbientOutside(innermost(scope)) ? null : scope;
    }

    @Override
    public boolean isCurrent() {
        Scope now = Current.scope();
        return now == scope && innermost(now) == innermost;
    }

    @Override
    public boolean isCurrentExceptAmbient() {
        Scope now = Current.scope();
        LiveAttachment last = innermost(now);
        return (now == scope && last == innermost)
                || (structureScope(now) == structureScope && LiveAttachment.withoutAmbient(last) == structure);
    }

    @Override
    public boolean isEnding() {
        return ending;
    }

    @Override
    void announceEnd() {
        ending = true;
    }

    @Override
    public void release() {
        hook = null;
        if (scope != null && scope.isOwned()) {
            while (scope.pending instanceof LiveAnchor top && top.hook == null) {
                scope.pending = top.next;
            }
        }
    }

    @Override
    boolean isAnchor() {
        return true;
    }

    @Override
    boolean isReleased() {
        return hook == null;
    }

    @Override
    void settle(@Nullable Throwable failure) {
        Consumer<? super @Nullable Throwable> leftOpen = hook;
        if (leftOpen != null) {
            hook = null;
            leftOpen.accept(failure);
        }
    }
}
