package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Stands for a value in a {@link Frame}, which asks for that value at each read. Frames with such values are searched
 * binding by binding; other frames pay nothing for them.
 */
interface Deferred {

    /** Bound to one that stands for the values of all keys that are not bound above it. */
    ContextKey<Object> ALL = ContextKey.named("all keys");

    /** Bound above such values, because a frame returns the value of its newest binding without looking at it. */
    ContextKey<Object> COVER = ContextKey.named("cover");

    /** Returns the value, or throws the failure that refuses it. */
    @Nullable
    Object value();
}
