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
 * A point in time by which work has to be done, which travels with the context: whoever waits, forks or calls
 * out below can ask how much time is left.
 *
 * {@snippet class="dev.scopedcontext.task.TaskExamplesTest" region="deadline"}
 *
 * <p>A deadline inside another can only be tighter: the earliest one is in effect, even if a later one is bound by
 * plain {@code ScopedContext.where(Deadline.KEY, ...)}. A {@link TaskScope} opened under a deadline is cancelled when
 * it passes, without being told; its subtasks are interrupted, not refused. A task that is submitted to a propagating
 * executor, or handed to another thread in any other way that captures, is not run after its deadline, but fails with
 * a {@link DeadlineExceededException}. A task that has no future to fail, because it is given to {@code execute},
 * runs and finds that the {@linkplain #current() current} deadline {@linkplain #isExpired() has passed}. So does a
 * stage that also runs after a failure, such as {@code whenComplete} and {@code exceptionally}; see {@link
 * dev.scopedcontext.executor.ContextExecutors}.
 *
 * <p>Deadlines are kept on a monotonic clock: once made, they do not move when the time of day is changed. They
 * are immutable and safe to use by any number of threads.
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

    /** What is further away than this is never reached; a difference of two times does not overflow. */
    private static final long FOREVER = Long.MAX_VALUE / 2;

    private static final Deadline NEVER = new Deadline(Ticker.SYSTEM, Ticker.SYSTEM.nanoTime(), FOREVER);

    private final Ticker ticker;
    private final long start;
    private final long nanos;

    /** The deadline that subtasks see, if this is that of a task scope, which cancels them instead of refusing them. */
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
     * Returns the deadline that is a time from now.
     *
     * @param time the time; zero or less has passed already
     * @return the deadline
     */
    public static Deadline after(Duration time) {
        return after(Ticker.SYSTEM, time);
    }

    static Deadline after(Ticker ticker, Duration time) {
        return new Deadline(ticker, ticker.nanoTime(), nanos(requireNonNull(time, "time")));
    }

    /**
     * Returns the deadline that is at a time of day, as the system's clock has it now.
     *
     * @param time the time
     * @return the deadline
     */
    public static Deadline at(Instant time) {
        return after(Duration.between(Instant.now(), requireNonNull(time, "time")));
    }

    /**
     * Returns the deadline that {@link #toTimeout()} of another process has written, which is as far from now as
     * it was from then. The time on the way is not counted, and how the two clocks differ does not matter.
     *
     * @param timeout one to eight digits and a unit, {@code H}, {@code M}, {@code S}, {@code m}, {@code u} or
     *        {@code n}, as in {@code 1500m} for 1500 milliseconds
     * @return the deadline
     * @throws IllegalArgumentException if it is written in another way
     */
    public static Deadline ofTimeout(String timeout) {
        return after(WireTimeout.read(requireNonNull(timeout, "timeout")));
    }

    /**
     * Returns the deadline that never passes, which is the current one where none is bound.
     *
     * @return the deadline
     */
    public static Deadline never() {
        return NEVER;
    }

    /**
     * Returns the deadline that is bound, the earliest around.
     *
     * @return the deadline; {@link #never()} if none is bound
     */
    public static Deadline current() {
        Deadline bound = KEY.orElse(null);
        return bound == null ? NEVER : bound;
    }

    /**
     * Returns a binding of the deadline that is a time from now, to run something with. The time starts here.
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
     * Returns how much time is left.
     *
     * @return the time, zero if the deadline has passed, and some 146 years for one that never does
     */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    /**
     * Tells whether the deadline has passed.
     *
     * @return true if no time is left
     */
    public boolean isExpired() {
        return remainingNanos() <= 0;
    }

    /**
     * Writes the time that is left, to be sent along with a request: as gRPC does in {@code grpc-timeout}, rounded
     * down by less than a part in a hundred thousand, and zero if the deadline has passed.
     *
     * @return the time, as {@link #ofTimeout} reads it, or null if the deadline never passes
     */
    public @Nullable String toTimeout() {
        return isNever() ? null : WireTimeout.write(remaining());
    }

    /** Returns how much time is left. */
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

    /** Runs an action when the deadline passes, and returns what prevents that. */
    Runnable alarm(Runnable action) {
        return ticker.alarm(remainingNanos(), action);
    }

    /** Returns this, the earliest deadline around a task scope, to be bound in the context of its subtasks. */
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
                    + " ago, before the task that was handed over under it began: it is not run");
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
