package dev.scopedcontext.micrometer;

import dev.scopedcontext.ContextSnapshot;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The value that Micrometer reads for the current context. Micrometer reads it to carry it, and also to restore it
 * later, without a distinction.
 */
final class CapturedContext implements Supplier<ContextSnapshot> {

    private final ContextSnapshot snapshot;

    /**
     * The context that Micrometer had set when this was captured; null if code of the application has bound the values.
     */
    private final @Nullable ContextSnapshot set;

    CapturedContext(ContextSnapshot snapshot, @Nullable MicrometerAttachment current) {
        this.snapshot = snapshot;
        this.set = current == null ? null : current.snapshot();
    }

    /** Returns the captured context. Code that finds this object in a context of Reactor reads it with this method. */
    @Override
    public ContextSnapshot get() {
        return snapshot;
    }

    @Nullable
    ContextSnapshot set() {
        return set;
    }

    /** Returns whether the same snapshot was captured. Reactor compares values, and does not set an equal one. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CapturedContext that && that.snapshot == snapshot;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(snapshot);
    }

    @Override
    public String toString() {
        return snapshot.toString();
    }
}
