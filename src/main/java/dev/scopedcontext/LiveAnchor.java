package dev.scopedcontext;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An anchor, as an element of the stack of its scope. Anchors are usually released in reverse order of creation. A
 * released anchor below other elements stays on the stack without effect until these are removed.
 */
final class LiveAnchor extends ExitAction implements ScopeAnchor {

    private final @Nullable Scope scope;

    /** The innermost attachment in the scope; null if another thread owns the scope, which may attach at any time. */
    private final @Nullable LiveAttachment innermost;

    /** The scope and its innermost attachment, without ambient attachments. */
    private final @Nullable Scope structureScope;
    private final @Nullable LiveAttachment structure;

    /** The hook to run at the end of the scope; null after the release. */
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

    /** Returns an anchor that only shows whether it is current. */
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

    /** Returns a scope of the calling thread; null if it is inherited, or only ambient attachments have created it. */
    private static @Nullable Scope structureScope(@Nullable Scope scope) {
        return scope == null || !scope.isOwned() || isAmbientOutside(innermost(scope)) ? null : scope;
    }

    /** Returns whether there are only ambient attachments, without an outer scope. */
    private static boolean isAmbientOutside(@Nullable LiveAttachment innermost) {
        LiveAttachment attachment = innermost;
        while (attachment != null && attachment.isAmbient()) {
            if (attachment.isOutermost()) {
                return true;
            }
            attachment = attachment.below;
        }
        return false;
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
