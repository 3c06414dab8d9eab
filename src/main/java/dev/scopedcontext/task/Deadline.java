package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.TimeLimit;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A point in time by which work must be done. It travels with the context, so that all code that works under the
 * deadline can read the remaining time.
 *
 * {@snippet class="dev.scopedcontext.task.TaskExamplesTest" region="deadline"}
 *
 * <p>A deadline cannot extend the one around it: the earliest deadline is in effect, even if a later one is bound by
 * {@code ScopedContext.where(Deadline.KEY, ...)}. A {@link TaskScope} that is opened under a deadline is cancelled when
 * it passes; its subtasks are interrupted, not refused. A task that captures the context, such as one submitted to a
 * propagating executor, is not run after its deadline, but fails with a {@link DeadlineExceededException}. A task that
 * is passed to {@code execute}, and so has no future, still runs. It finds that the {@linkplain #current() current}
 * deadline {@linkplain #isExpired() has passed}. The same holds for a stage that also runs after a failure, such as one
 * of {@code whenComplete} or {@code exceptionally}; see {@link dev.scopedcontext.executor.ContextExecutors}.
 *
 * <p>Deadlines use a monotonic clock, and do not change when the time of day is set.
 *
 * <p>Instances are immutable and thread-safe. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter.
 */
public final class Deadline {

    /** The key to which the deadline is bound. */
    public static final ContextKey<Deadline> KEY = ContextKey.<Deadline>builder("deadline").nesting(Deadline::earliest)
            .handOff(new HandOff<>() {
                @Override
                public void admit(Deadline captured) {
                    if (captured != null && captured.ofUser == null) {
                        captured.ensureNotPassed();
                    }
                }

                @Override
                public Deadline open(Deadline captured) {
                    return captured == null || captured.ofUser == null ? captured : captured.ofUser;
                }
            }).build();

    static {
        TimeLimit.setSource(Deadline::currentLimit, DeadlineExceededException.class);
    }

    /** The time after which a deadline never passes. A difference of two times within it does not overflow. */
    private static final long FOREVER = Long.MAX_VALUE / 2;

    private static final Deadline NEVER = new Deadline(Ticker.SYSTEM, Ticker.SYSTEM.nanoTime(), FOREVER);

    private final Ticker ticker;
    private final long start;
    private final long nanos;

    /** The original, if this is the deadline of a task scope, which cancels subtasks instead of refusing them. */
    private final @Nullable Deadline ofUser;

    private Deadline(Ticker ticker, long start, long nanos, @Nullable Deadline ofUser) {
        this.ticker = ticker;
        this.start = start;
        this.nanos = nanos;
        this.ofUser = ofUser;
    }

    private Deadline(Ticker ticker, long start, long nanos) {
        this(ticker, start, nanos, null);
    }

    /**
     * Returns the deadline at a time from now.
     *
     * @param time the time from now. The deadline has already passed if it is zero or less
     * @return the deadline
     */
    public static Deadline after(Duration time) {
        return after(Ticker.SYSTEM, time);
    }

    static Deadline after(Ticker ticker, Duration time) {
        return new Deadline(ticker, ticker.nanoTime(), nanos(requireNonNull(time, "time")));
    }

    /**
     * Returns the deadline at an instant of the system clock, as it is currently set.
     *
     * @param time the time
     * @return the deadline
     */
    public static Deadline at(Instant time) {
        return after(Duration.between(Instant.now(), requireNonNull(time, "time")));
    }

    /**
     * Returns the deadline that another process has written by {@link #toTimeout()}, with the same remaining time. The
     * time of the transfer is not counted, and the clocks of both processes may differ.
     *
     * @param timeout one to eight digits and a unit, {@code H}, {@code M}, {@code S}, {@code m}, {@code u} or {@code
     *        n}, as in {@code 1500m} for 1500 milliseconds
     * @return the deadline
     * @throws IllegalArgumentException if the text has another format
     */
    public static Deadline ofTimeout(String timeout) {
        return after(WireTimeout.read(requireNonNull(timeout, "timeout")));
    }

    /**
     * Returns the deadline that never passes. It is the current deadline if none is bound.
     *
     * @return the deadline
     */
    public static Deadline never() {
        return NEVER;
    }

    /**
     * Returns the current deadline: the earliest of those that are bound.
     *
     * @return the deadline, or {@link #never()} if none is bound
     */
    public static Deadline current() {
        Deadline bound = KEY.orElse(null);
        return bound == null ? NEVER : bound;
    }

    /**
     * Returns a binding of the deadline at a time from now. The time starts with this call.
     *
     * @param time the time
     * @return the binding, to which others can be added
     */
    public static Bindings within(Duration time) {
        return ScopedContext.where(KEY, after(time));
    }

    static Deadline earliest(Deadline around, Deadline added) {
        if (around == null || added == null) {
            return around == null ? added : around;
        }
        return added.ofUser != null || added.remainingNanos() < around.remainingNanos() ? added : around;
    }

    /**
     * Returns the remaining time.
     *
     * @return the time: zero if the deadline has passed, and about 146 years if it never does
     */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    /**
     * Returns whether the deadline has passed.
     *
     * @return true if no time is left
     */
    public boolean isExpired() {
        return remainingNanos() <= 0;
    }

    /**
     * Returns the remaining time as text, to send with a request. The format is that of gRPC's {@code grpc-timeout}.
     * The time is rounded down by less than 0.001 %, and is zero if the deadline has passed.
     *
     * @return the text, which {@link #ofTimeout} reads, or null if the deadline never passes
     */
    public @Nullable String toTimeout() {
        return isNever() ? null : WireTimeout.write(remaining());
    }

    /** Returns a description with the remaining time. */
    @Override
    public String toString() {
        long remaining = remainingNanos();
        if (nanos == FOREVER) {
            return "Deadline[never]";
        }
        return remaining > 0
                ? "Deadline[in " + Duration.ofNanos(remaining) + "]"
                : "Deadline[passed " + Duration.ofNanos(-remaining) + " ago]";
    }

    /** Runs an action when the deadline passes, unless the returned action is run first. */
    Runnable alarm(Runnable action) {
        return ticker.alarm(remainingNanos(), action);
    }

    /** Returns the same deadline for a task scope, which binds it in the context of its subtasks. */
    Deadline ofScope() {
        return new Deadline(ticker, start, nanos, this);
    }

    private static @Nullable TimeLimit currentLimit() {
        Deadline current = current();
        return current.isNever() ? null : new TimeLimit(current::remainingNanos, DeadlineExceededException::new);
    }

    boolean isNever() {
        return nanos == FOREVER;
    }

    private void ensureNotPassed() {
        long remaining = remainingNanos();
        if (remaining <= 0) {
            throw new DeadlineExceededException("The deadline passed " + Duration.ofNanos(-remaining)
                    + " ago, before the task that was handed over under it began, so the task is not run");
        }
    }

    private long remainingNanos() {
        return nanos == FOREVER ? FOREVER : nanos - (ticker.nanoTime() - start);
    }

    private static long nanos(Duration time) {
        if (time.compareTo(Duration.ofNanos(FOREVER)) >= 0) {
            return FOREVER;
        }
        return time.compareTo(Duration.ofNanos(-FOREVER)) <= 0 ? -FOREVER : time.toNanos();
    }
}
