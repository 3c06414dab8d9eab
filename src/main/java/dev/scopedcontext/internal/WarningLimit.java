package dev.scopedcontext.internal;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Limits the number of warnings per period of time, and counts those that are withheld. Thread-safe. */
public final class WarningLimit {

    /** The number of warnings in one period. */
    public static final int AT_ONCE = 10;

    static final Duration PERIOD = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private long begun;
    private int passed;
    private int withheld;

    /**
     * Creates a limit.
     *
     * @param nanoTime the clock, as {@link System#nanoTime}
     */
    public WarningLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    /**
     * Returns the message to log, with the number of messages withheld before it.
     *
     * @param message the message
     * @return the message, or null to withhold it
     */
    public synchronized @Nullable String limit(String message) {
        long now = nanoTime.getAsLong();
        if (now - begun >= PERIOD.toNanos()) {
            begun = now;
            passed = 0;
        }
        if (passed == AT_ONCE) {
            withheld++;
            return null;
        }
        passed++;
        String note = withheld == 0 ? "" : " (" + withheld + " other warnings were not logged)";
        withheld = 0;
        return message + note;
    }

    /** Begins a new period without withheld warnings. For tests. */
    public synchronized void reset() {
        begun = nanoTime.getAsLong();
        passed = 0;
        withheld = 0;
    }
}
