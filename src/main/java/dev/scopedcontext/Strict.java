package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** Reports misuse that can be noticed only afterwards: to the log, or in strict mode by an exception where one fits. */
final class Strict {

    static final boolean ON = Boolean.getBoolean("scopedcontext.strict");

    private Strict() {
    }

    /** Returns the place of the caller in strict mode, where its cost does not matter. */
    static @Nullable Throwable place(String message) {
        return ON ? new Throwable(message) : null;
    }

    /** Throws in strict mode, reports otherwise. */
    static void reject(String message, @Nullable Throwable place) {
        if (ON) {
            throw new IllegalStateException(message, place);
        }
        report(message + " (-Dscopedcontext.strict=true makes this an exception that shows the place)", place);
    }

    static void report(String message, @Nullable Throwable place) {
        System.getLogger("dev.scopedcontext").log(System.Logger.Level.WARNING, message, place);
    }
}
