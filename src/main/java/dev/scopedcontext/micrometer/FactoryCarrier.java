package dev.scopedcontext.micrometer;

import dev.scopedcontext.ThreadStateCarrier;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a factory captures, except our own context. That cannot be said to the factory, which was made
 * by the user; but while it captures for us, {@link ScopedContextAccessor} has nothing to give. Otherwise each
 * of the two would capture the other for ever.
 *
 * @param factory captures the state
 */
record FactoryCarrier(ContextSnapshotFactory factory) implements ThreadStateCarrier {

    /** Set on a thread for which a factory captures for us. */
    private static final ThreadLocal<@Nullable Boolean> CAPTURES = new ThreadLocal<>();

    static boolean captures() {
        return CAPTURES.get() != null;
    }

    @Override
    public Carried capture() {
        ContextSnapshot captured = captureAll();
        return () -> new SetVariables(captured)::setBack;
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
