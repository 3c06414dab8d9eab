package dev.scopedcontext.micrometer;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ThreadStateCarrier;
import io.micrometer.context.ContextSnapshotFactory;

/**
 * Carries all thread-local state for which Micrometer has an accessor, such as observations, security and locale, when
 * this library hands context over to another thread:
 *
 * {@snippet class="dev.scopedcontext.micrometer.MicrometerExamplesTest" region="carrier"}
 *
 * <p>The factory decides which state is captured, and whether state that did not exist at the capture is cleared on the
 * other thread. The context of this library is left out, even if a {@link ScopedContextAccessor} is registered, since
 * it is handed over anyway.
 *
 * <p>Carry each state in one way only: state that an accessor of the factory handles needs no carrier of its own.
 *
 * <p>Unless noted otherwise, passing null throws a {@code NullPointerException} that names the parameter.
 */
public final class MicrometerCarrier {

    private MicrometerCarrier() {
    }

    /**
     * Returns a carrier for {@code ScopedContext.carrying}. Exceptions of the accessors propagate to the code that
     * captures the context or enters it.
     *
     * @param factory captures the state of the calling thread
     * @return the carrier, which is thread-safe if the factory is
     */
    public static ThreadStateCarrier of(ContextSnapshotFactory factory) {
        return new FactoryCarrier(requireNonNull(factory, "factory"));
    }
}
