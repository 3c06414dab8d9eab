package dev.scopedcontext.micrometer;

import dev.scopedcontext.ThreadStateCarrier;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;

/**
 * Carries the state that a factory captures, except the context of this library. The application creates the factory,
 * so it cannot be configured here. Instead, {@link ScopedContextAccessor} returns null while the factory captures for
 * this carrier. Otherwise each of the two would capture the other, without end.
 *
 * @param factory captures the state
 */
record FactoryCarrier(ContextSnapshotFactory factory) implements ThreadStateCarrier {

    /** Set on a thread while a factory captures for this carrier. */
    private static final ThreadLocal<@Nullable Boolean> CAPTURES = new ThreadLocal<>();

    static boolean captures() {
        return CAPTURES.get() != null;
    }

    @Override
    public Carried capture() {
        ContextSnapshot captured = captureAll();
        return () -> new VariableScopes(captured)::setBack;
    }

    private ContextSnapshot captureAll() {
        CAPTURES.set(true);
        try {
            return factory.captureAll();
        } finally {
            CAPTURES.remove();
        }
    }

    @Override
    public String toString() {
        return "MicrometerCarrier[" + factory + "]";
    }
}
