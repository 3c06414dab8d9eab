package dev.scopedcontext.micrometer;

import dev.scopedcontext.ContextSnapshot;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Micrometer gets as the value of our context. It asks for that to keep it, and to know what to set back,
 * and does not say which.
 */
final class CapturedContext implements Supplier<ContextSnapshot> {

    private final ContextSnapshot snapshot;

    /** What had been set by Micrometer where this was captured; null if what is bound there is our users' own doing. */
    private final @Nullable ContextSnapshot set;

    CapturedContext(ContextSnapshot snapshot, @Nullable SetContext current) {
        this.snapshot = snapshot;
        this.set = current == null ? null : current.snapshot();
    }

    /** Returns what was captured; by this, others who find it in a context of Reactor can read it too. */
    @Override
    public ContextSnapshot get() {
        return snapshot;
    }

    @Nullable
    ContextSnapshot set() {
        return set;
    }

    /** Tells whether the very same was captured: Reactor compares, and sets nothing where it finds nothing else. */
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
