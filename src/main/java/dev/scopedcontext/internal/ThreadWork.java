package dev.scopedcontext.internal;

import org.jspecify.annotations.Nullable;

/**
 * The hand-off of a key whose value describes the work that a thread does. A captured context replaces all bindings of
 * the thread that enters it, but the thread still does that work. There is one such key.
 *
 * @param <T> the type of the values
 */
public interface ThreadWork<T> {

    /**
     * Returns the value in effect in a captured context.
     *
     * @param around the value of the thread that enters the context
     * @param captured the captured value, or null if the context has none
     * @return the value; the captured value itself if it already describes the surrounding work
     */
    T inside(T around, @Nullable T captured);
}
