package dev.scopedcontext;

/**
 * A link from an object that is opened and closed, such as a task scope, to the scope in which it is opened. It shows
 * whether that scope is still the innermost one, and can close the object at the end of the scope. {@link
 * ScopedContext#anchor} creates anchors, for authors of such objects.
 *
 * <p>An anchor belongs to the thread that created it. Other threads must not use it.
 */
public sealed interface ScopeAnchor permits LiveAnchor {

    /**
     * Returns whether the calling thread is in the scope in which the anchor was created, and in no scope or attachment
     * that began afterwards. It is false inside any later {@code run}, {@code call} or {@code attach}, even if that
     * binds nothing, and after the end of the scope. Does not allocate.
     *
     * @return true if each scope that was entered since has been left, and the scope of the anchor has not
     */
    boolean isCurrent();

    /**
     * Returns the same as {@link #isCurrent()}, but ignores attachments of {@linkplain ContextKey.Builder#ambient()
     * ambient} keys. Use it for checks of structure, which must not fail if a tool attaches around a method.
     *
     * @return true if only ambient values were attached since
     */
    boolean isCurrentExceptAmbient();

    /**
     * Returns whether the scope or the attachment in which the anchor was created is ending, and its hooks are running.
     *
     * @return true if the hook of this anchor is being called, or is about to be called
     */
    boolean isEnding();

    /** Removes the hook of this anchor, since the object was closed in time. Releasing again has no effect. */
    void release();
}
