package dev.scopedcontext.micrometer;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Gives Micrometer access to the whole context of this library, as if it were one thread-local variable. Snapshots and
 * wrapped executors of Micrometer carry it, and so does Reactor with automatic context propagation:
 *
 * {@snippet class="dev.scopedcontext.micrometer.MicrometerExamplesTest" region="accessor"}
 *
 * <p>The accessor does not register itself. Register it with the registry, as above, or name it in a {@code
 * META-INF/services/io.micrometer.context.ThreadLocalAccessor} of your own.
 *
 * <p><b>Other threads.</b> Micrometer captures the result of {@link ScopedContext#capture()}. Setting it calls {@link
 * ContextSnapshot#attach()}, so hand-offs, mirrors and carriers apply. Setting it back closes that attachment. Setting
 * the current context again has no effect. If nothing is bound, nothing is captured, and Micrometer's factory decides
 * whether that clears the context of another thread.
 *
 * <p><b>Failures.</b> The accessor does not throw into Micrometer, which would leave the values of other libraries on
 * the thread. If the captured context cannot be entered, because a hand-off or a mirror fails, an empty context is set
 * instead, and the task fails with that exception when it first reads a key. The same holds if the context could not be
 * captured. A failure to set back, such as that of an exit hook, is logged after everything is set back. A stream under
 * a {@code Deadline} should have a {@code timeout} of its own.
 *
 * <p><b>Order.</b> Register this accessor after those of other libraries. Micrometer sets values in the order of
 * registration, sets them back in reverse order, and stops at the first exception of an accessor. With this order, this
 * context is then not yet set, or already set back.
 *
 * <p>Attachments that are created in between and left open are dropped with a warning when Micrometer sets back. A
 * context that is set inside a {@code run} and not set back ends when the {@code run} returns.
 *
 * <p>Instances are immutable and thread-safe. Passing null throws a {@code NullPointerException}.
 */
public final class ScopedContextAccessor implements ThreadLocalAccessor<Object> {

    /**
     * The key of the context of this library in snapshots of Micrometer and contexts of Reactor. A {@link
     * ContextSnapshot} under this key is set like a captured one.
     */
    public static final String KEY = "dev.scopedcontext";

    /** Creates an accessor. All instances are equivalent. */
    public ScopedContextAccessor() {
    }

    /** Returns {@link #KEY}. */
    @Override
    public Object key() {
        return KEY;
    }

    /**
     * Captures the bindings of the calling thread.
     *
     * @return an opaque value, null if nothing is bound
     */
    @Override
    public @Nullable Object getValue() {
        if (FactoryCarrier.captures()) {
            return null;
        }
        ContextSnapshot captured = capture();
        MicrometerAttachment current = MicrometerAttachment.current();
        return current == null && captured == ContextSnapshot.empty() ? null : new CapturedContext(captured, current);
    }

    private static ContextSnapshot capture() {
        try {
            return ScopedContext.capture();
        } catch (Throwable refusal) { // thrown only if the value is used: Micrometer may read it only to set it back
            return ContextSnapshot.refusing(refusal);
        }
    }

    /**
     * Replaces the current context with a captured one.
     *
     * @param value the result of {@link #getValue()}, or a {@link ContextSnapshot}
     * @throws IllegalArgumentException if it is neither
     */
    @Override
    public void setValue(Object value) {
        MicrometerAttachment.set(snapshotOf(value));
    }

    /** Replaces the current context with the empty one. */
    @Override
    public void setValue() {
        MicrometerAttachment.set(ContextSnapshot.empty());
    }

    /**
     * Restores the previous context.
     *
     * @param previousValue the result of {@link #getValue()} before the context was set
     */
    @Override
    public void restore(Object previousValue) {
        MicrometerAttachment.setBack(
                previousValue instanceof CapturedContext captured ? captured.set() : snapshotOf(previousValue));
    }

    /** Restores the previous state, in which nothing was bound. */
    @Override
    public void restore() {
        MicrometerAttachment.setBack(null);
    }

    private static ContextSnapshot snapshotOf(Object value) {
        requireNonNull(value, "value");
        if (value instanceof CapturedContext captured) {
            return captured.get();
        }
        if (value instanceof ContextSnapshot snapshot) {
            return snapshot;
        }
        throw new IllegalArgumentException("The value of \"" + KEY + "\" is neither a ContextSnapshot nor captured by"
                + " this accessor, but of " + value.getClass() + ". Put it under a key of its own");
    }
}
