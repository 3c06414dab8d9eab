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

    /** The innermost attachment in that scope; none if the scope is another thread's, which may attach meanwhile. */
    private final @Nullable OpenAttachment innermost;

    /** The same without ambient attachments. */
    private final @Nullable Scope structureScope;
    private final @Nullable OpenAttachment structure;

    /** The action to run at the end of the scope; none if this is released. */
    private @Nullable Consumer<? super @Nullable Throwable> hook;

    private boolean ending;

    private OpenAnchor(@Nullable Scope scope, @Nullable Pending next, Consumer<? super @Nullable Throwable> hook) {
        super(next);
        this.scope = scope;
        this.innermost = innermost(scope);
        this.structureScope = structureScope(scope);
        this.structure = OpenAttachment.withoutAmbient(innermost);
        this.hook = hook;
    }

    /** Returns an anchor that only tells whether it is current. */
    static ScopeAnchor drop() {
        return new OpenAnchor(Scope.current(), null, failure -> {
        });
    }

    static ScopeAnchor drop(Consumer<? super @Nullable Throwable> hook) {
        Scope scope = Scope.current();
        if (scope == null || !scope.isOwned()) {
            return new OpenAnchor(scope, null, hook);
        }
        OpenAnchor anchor = new OpenAnchor(scope, scope.pending, hook);
        scope.pending = anchor;
        return anchor;
    }

    private static @Nullable OpenAttachment innermost(@Nullable Scope scope) {
        return scope == null || !scope.isOwned() ? null : scope.innermost;
    }

    /** Returns the scope of the calling thread, unless it is inherited, or made by ambient attachments only. */
    private static @Nullable Scope structureScope(@Nullable Scope scope) {
        return scope == null || !scope.isOwned() || OpenAttachment.isAmbientOutside(scope.innermost) ? null : scope;
    }

    @Override
    public boolean isCurrent() {
        Scope now = Scope.current();
        return now == scope && innermost(now) == innermost;
    }

    @Override
    public boolean isCurrentExceptAmbient() {
        Scope now = Scope.current();
        OpenAttachment last = innermost(now);
        return (now == scope && last == innermost)
                || (structureScope(now) == structureScope && OpenAttachment.withoutAmbient(last) == structure);
    }

    @Override
    public boolean isEnding() {
        return ending;
    }

    /** Tells the anchors of a stack, down to a given element, that they are about to be settled. */
    static void announceEnd(@Nullable Pending top, @Nullable Pending until) {
        for (Pending element = top; element != until && element != null; element = element.next) {
            if (element instanceof OpenAnchor anchor) {
                anchor.ending = true;
            }
        }
    }

    @Override
    public void release() {
        hook = null;
        if (scope != null && scope.isOwned()) {
            while (scope.pending instanceof OpenAnchor top && top.hook == null) {
                scope.pending = top.next;
            }
        }
    }

    /** Returns the first element from a given one downwards that is no released anchor. */
    static @Nullable Pending skipReleased(@Nullable Pending from) {
        Pending element = from;
        while (element instanceof OpenAnchor anchor && anchor.hook == null) {
            element = anchor.next;
        }
        return element;
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
