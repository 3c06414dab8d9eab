package dev.scopedcontext.micrometer;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Gives Micrometer access to our whole context, as if it were one thread-local variable, so that its snapshots,
 * the executors that it wraps, and Reactor with automatic context propagation carry it:
 *
 * {@snippet class="dev.scopedcontext.micrometer.MicrometerExamplesTest" region="accessor"}
 *
 * <p>It is not registered by being on the path. Register it with the registry, as above, or name it in a {@code
 * META-INF/services/io.micrometer.context.ThreadLocalAccessor} of your own.
 *
 * <p><b>Other threads.</b> What Micrometer captures is what {@link ScopedContext#capture()} returns; setting it
 * is {@link ContextSnapshot#attach()}, so hand-offs, mirrors and carriers take part, and setting it back is
 * closing that attachment. Setting the context that is set already changes nothing. Where nothing is bound
 * there is nothing to capture; whether that clears the context of another thread is for Micrometer's factory to
 * say.
 *
 * <p><b>Failures.</b> Nothing is thrown into Micrometer, which would then leave the values of other libraries on the
 * thread. If a hand-off refuses the captured context, or a mirror fails, an empty context is set instead, and the task
 * fails with that exception when it first reads a key. The same holds if the context could not be captured. A failure
 * to set back, such as that of an exit hook, is logged after everything is set back. A stream under a {@code Deadline}
 * should have a {@code timeout} of its own.
 *
 * <p><b>Order.</b> Register this accessor after those of other libraries. Micrometer sets in the order of registration
 * and sets back in reverse, and it stops at an exception of an accessor. This context is then either not set yet or
 * set back already.
 *
 * <p>Attachments that are made in between and left open are dropped when Micrometer sets back, with a warning. A
 * context that was set inside a {@code run} and is not set back is gone when that returns.
 *
 * <p>Accessors have no state of their own, and are safe to use by any number of threads.
 */
public final class ScopedContextAccessor implements ThreadLocalAccessor<Object> {

    /**
     * The key of our context in the snapshots of Micrometer and in the contexts of Reactor. A {@link
     * ContextSnapshot} that is put there is found and set as one that was captured.
     */
    public static final String KEY = "dev.scopedcontext";

    /** Creates an accessor. All are alike. */
    public ScopedContextAccessor() {
    }

    /** Returns {@link #KEY}. */
    @Override
    public Object key() {
        return KEY;
    }

    /**
     * Captures what is bound for the calling thread.
     *
     * @return an opaque value, null if nothing is bound
     */
    @Override
    public @Nullable Object getValue() {
        if (FactoryCarrier.captures()) {
            return null;
        }
        ContextSnapshot captured = capture();
        SetContext current = SetContext.current();
        return current == null && captured == ContextSnapshot.empty() ? null : new CapturedContext(captured, current);
    }

    private static ContextSnapshot capture() {
        try {
            return ScopedContext.capture();
        } catch (Throwable refusal) { // it may not even be wanted: Micrometer also asks for the value to set back
            return ContextSnapshot.refusing(refusal);
        }
    }

    /**
     * Puts a captured context in place of what is bound, or of what was set before.
     *
     * @param value what {@link #getValue()} returned, or a {@link ContextSnapshot}
     * @throws IllegalArgumentException if it is neither
     */
    @Override
    public void setValue(Object value) {
        SetContext.set(snapshotOf(value));
    }

    /** Puts the empty context in place of what is bound. */
    @Override
    public void setValue() {
        SetContext.set(ContextSnapshot.empty());
    }

    /**
     * Sets back what was there before.
     *
     * @param previousValue what {@link #getValue()} returned then
     */
    @Override
    public void restore(Object previousValue) {
        SetContext.setBack(
                previousValue instanceof CapturedContext captured ? captured.set() : snapshotOf(previousValue));
    }

    /** Sets back what was there before, which was nothing. */
    @Override
    public void restore() {
        SetContext.setBack(null);
    }

    private static ContextSnapshot snapshotOf(Object value) {
        requireNonNull(value, "value");
        if (value instanceof CapturedContext captured) {
            return captured.get();
        }
        if (value instanceof ContextSnapshot snapshot) {
            return snapshot;
        }
        throw new IllegalArgumentException("The value of \"" + KEY + "\" is neither a ContextSnapshot nor what this"
                + " accessor captured, but of " + value.getClass() + ". Put it under a key of its own");
    }
}
