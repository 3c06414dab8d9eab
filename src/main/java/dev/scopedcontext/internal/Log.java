package dev.scopedcontext.internal;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The log of this library: the platform logger {@code dev.scopedcontext}. */
public final class Log {

    private Log() {
    }

    /**
     * Logs a warning: misuse of this library, or a failure that is not reported to any caller.
     *
     * @param message the message
     * @param failure the failure, or null
     */
    public static void warn(String message, @Nullable Throwable failure) {
        log(Level.WARNING, message, failure);
    }

    /**
     * Logs an event that users may want to know about.
     *
     * @param message the message
     * @param failure the failure, or null
     */
    public static void info(String message, @Nullable Throwable failure) {
        log(Level.INFO, message, failure);
    }

    /**
     * Logs a detail that explains the behaviour of this library.
     *
     * @param message the message
     * @param failure the failure, or null
     */
    public static void debug(String message, @Nullable Throwable failure) {
        log(Level.DEBUG, message, failure);
    }

    private static void log(Level level, String message, @Nullable Throwable failure) {
        System.getLogger("dev.scopedcontext").log(level, message, failure);
    }
}
