package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/**
 * Stands for a value in a {@link Frame}, which asks for that value at each read. Frames with such values are searched
 * binding by binding; other frames pay nothing for them.
 */
interface Deferred {

    /** Returns the value, or throws the failure that refuses it. */
    @Nullable
    Object value();
}
