package dev.scopedcontext.internal;

import org.jspecify.annotations.Nullable;

/**
 * Reports misuse that is detected only afterwards. It is logged, or, with {@code -Dscopedcontext.strict=true}, thrown
 * as an exception that shows the place of the mistake.
 */
public final class StrictMode {

    /** The system property that switches strict mode on. */
    public static final String PROPERTY = "scopedcontext.strict";

    /** Whether strict mode is on. */
    public static final boolean ON = Boolean.getBoolean(PROPERTY);

    private static final WarningLimit WARNINGS = new WarningLimit(System::nanoTime);

    private StrictMode() {
    }

    /**
     * Returns the place of the caller in strict mode, in which the cost of a stack trace does not matter.
     *
     * @param message the message of the returned exception, such as "opened here"
     * @return an exception with the stack trace of the caller, or null if strict mode is off
     */
    public static @Nullable Throwable place(String message) {
        return ON ? new Throwable(message) : null;
    }

    /**
     * Throws an exception in strict mode, and logs a warning otherwise. Misuse of one kind is often repeated by every
     * request, so the number of warnings is limited.
     *
     * @param message the mistake and its remedy
     * @param place the place of the mistake, or null
     */
    public static void reject(String message, @Nullable Throwable place) {
        if (ON) {
            throw new MisuseException(message, place);
        }
        String limited = WARNINGS.limit(message + " (-Dscopedcontext.strict=true makes this an exception that shows the"
                + " place)");
        if (limited != null) {
            Log.warn(limited, place);
        }
    }

    /** Forgets all warnings so far. For tests that count warnings. */
    public static void resetWarnings() {
        WARNINGS.reset();
    }
}
