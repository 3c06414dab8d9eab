package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * A placeholder in a {@link Frame} for a value that is requested at each read. Frames with such values are searched
 * binding by binding. For other frames, there is no cost.
 */
interface Deferred {

    /** Returns the value, or throws the failure that refuses it. */
    @Nullable
    Object value();
}
