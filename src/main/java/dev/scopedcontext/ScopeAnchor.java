package dev.scopedcontext;

/**
 * Ties something that is opened and closed, such as a task scope, to the scope in which it is opened: tells
 * whether that is still the innermost one, and has what was left open closed when it ends. Dropped by {@link
 * ScopedContext#anchor}; for those who build such things.
 *
 * <p>An anchor belongs to the thread that dropped it and must be used by no other.
 */
public sealed interface ScopeAnchor permits LiveAnchor {

    /**
     * Tells whether what is bound now was already bound when the anchor was dropped: false inside any {@code
     * run}, {@code call} or {@code attach} that began since, whatever it binds, and after the end of the one
     * around the anchor. Does not allocate.
     *
     * @return true if no scope was entered or left since, or each that was entered has been left
     */
    boolean isCurrent();

    /**
     * Tells the same as {@link #isCurrent()}, except that attachments of {@linkplain ContextKey.Builder#ambient()
     * ambient} keys do not count: for checks of structure, which a tool that attaches around any method must not break.
     *
     * @return true if nothing was bound since but ambient values
     */
    boolean isCurrentExceptAmbient();

    /**
     * Tells whether the scope or the attachment in which the anchor was dropped is ending, and runs the hooks of the
     * anchors that were not released.
     *
     * @return true if the hook of this anchor is being called, or is about to be
     */
    boolean isEnding();

    /** Forgets what was to be done at the end of the scope, since it is closed in time. Twice is fine. */
    void release();
}
