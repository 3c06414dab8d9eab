package dev.scopedcontext;

import dev.scopedcontext.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * A value that cannot be read.
 *
 * @param failure the reason, thrown at each read
 */
record Refusal(Throwable failure) implements Deferred {

    @Override
    public @Nullable Object value() {
        Failures.throwIfAny(failure);
        return null;
    }
}
