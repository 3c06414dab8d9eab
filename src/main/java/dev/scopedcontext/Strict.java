package dev.scopedcontext;

import dev.scopedcontext.internal.MisuseException;
import org.jspecify.annotations.Nullable;

/** Reports misuse that can be noticed only afterwards: to the log, or in strict mode by an exception where one fits. */
final class Strict {

    static final boolean ON = Boolean.getBoolean("scopedcontext.strict");

    /** Misuse of one kind is often repeated by every request. */
    static final WarningLimit WARNINGS = new WarningLimit(System::nanoTime);

    private Strict() {
    }

    /** Returns the place of the caller in strict mode, where its cost does not matter. */
    static @Nullable Throwable place(String message) {
        return ON ? new Throwable(message) : null;
    }

    /** Throws in strict mode, reports otherwise. */
    static void reject(String message, @Nullable Throwable place) {
        if (ON) {
            throw new MisuseException(message, place);
        }
        String limited = WARNINGS.limit(message + " (-Dscopedcontext.strict=true makes this an exception that shows the"
                + " place)");
        if (limited != null) {
            report(limited, place);
        }
    }

    static void report(String message, @Nullable Throwable place) {
        System.getLogger("dev.scopedcontext").log(System.Logger.Level.WARNING, message, place);
    }
}
