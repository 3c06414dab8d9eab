package dev.scopedcontext.micrometer;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ThreadStateCarrier;
import io.micrometer.context.ContextSnapshotFactory;

/**
 * Takes all thread-local state for which Micrometer has an accessor (observations, security, locale) along when
 * context is handed to another thread by this library:
 *
 * {@snippet class="dev.scopedcontext.micrometer.MicrometerExamplesTest" region="carrier"}
 *
 * <p>What is captured, and whether state that was not there is cleared where the task runs, is the factory's to
 * say. Our own context is left out, also where a {@link ScopedContextAccessor} is registered: it is what is
 * being handed over.
 *
 * <p>Carry each state by one means: what an accessor of the factory handles needs no carrier of its own.
 */
public final class MicrometerCarrier {

    private MicrometerCarrier() {
    }

    /**
     * Returns a carrier, to be switched on by {@code ScopedContext.carrying}. What the accessors throw is
     * thrown to whoever captures or enters. Null is not allowed; {@code NullPointerException} names the
     * parameter.
     *
     * @param factory captures the state of the calling thread
     * @return the carrier, as safe to use by several threads as the factory
     */
    public static ThreadStateCarrier of(ContextSnapshotFactory factory) {
        return new FactoryCarrier(requireNonNull(factory, "factory"));
    }
}
