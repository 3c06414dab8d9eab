package dev.scopedcontext.internal;

import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time that a wait may take. Packages that cannot depend on {@code task} use it to read the current deadline.
 *
 * @param nanosLeft returns the remaining nanoseconds; zero or less if the time is up
 * @param failure creates the exception of a wait that takes too long, from its message
 */
public record TimeLimit(LongSupplier nanosLeft, Function<String, ? extends RuntimeException> failure) {

    private static volatile Supplier<@Nullable TimeLimit> source = () -> null;
    private static volatile @Nullable Class<?> type;

    /**
     * Sets the source of the current limit.
     *
     * @param source returns the limit of the calling code, or null if it has none
     * @param type the type of the exceptions that report that the time is up
     */
    public static void setSource(Supplier<@Nullable TimeLimit> source, Class<? extends RuntimeException> type) {
        TimeLimit.source = source;
        TimeLimit.type = type;
    }

    /**
     * Returns whether an exception reports that the time is up.
     *
     * @param failure the exception
     * @return true if it does
     */
    public static boolean isFailure(Throwable failure) {
        Class<?> type = TimeLimit.type;
        return type != null && type.isInstance(failure);
    }

    /**
     * Returns the limit of the calling code.
     *
     * @return the limit, or null if there is none
     */
    public static @Nullable TimeLimit current() {
        return source.get();
    }

    /**
     * Returns whether the time is up.
     *
     * @return true if no time is left
     */
    public boolean isUp() {
        return nanosLeft.getAsLong() <= 0;
    }
}
