package dev.scopedcontext.internal;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Combines failures: the first one is thrown, and later ones are suppressed into it. */
public final class Failures {

    private Failures() {
    }

    /**
     * Returns the first failure, with the next one suppressed into it unless both are the same object. Nested scopes
     * report the same failures, so one that is already suppressed is not added again.
     *
     * @param first the first failure, or null if there is none so far
     * @param next the next failure
     * @return the failure to throw in the end
     */
    public static Throwable add(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            try {
                if (!isSuppressed(first, next)) {
                    first.addSuppressed(next);
                }
            } catch (VirtualMachineError exhausted) {
                // No memory or stack is left to keep both, and the first one matters more.
            }
        }
        return first;
    }

    /**
     * Returns the first failure, with the next one suppressed into it unless one of them leads to the other, through
     * causes and suppressed failures. Use it if one may wrap the other, since a circle is confusing in logs.
     *
     * @param first the first failure, or null if there is none so far
     * @param next the next failure
     * @return the failure to throw in the end
     */
    public static Throwable addUnlessRelated(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        try {
            return leadsTo(first, next) || leadsTo(next, first) ? first : add(first, next);
        } catch (VirtualMachineError exhausted) {
            return first; // as in add
        }
    }

    private static boolean leadsTo(Throwable from, Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> unseen = new ArrayDeque<>();
        for (Throwable next = from; next != null; next = unseen.poll()) {
            if (next == failure) {
                return true;
            }
            if (seen.add(next)) {
                Collections.addAll(unseen, next.getSuppressed());
                Throwable cause = next.getCause();
                if (cause != null) {
                    unseen.push(cause);
                }
            }
        }
        return false;
    }

    private static boolean isSuppressed(Throwable by, Throwable failure) {
        for (Throwable suppressed : by.getSuppressed()) {
            if (suppressed == failure) {
                return true;
            }
        }
        return false;
    }

    /**
     * Runs one of several steps that must all run, and returns the first failure.
     *
     * @param first the first failure, or null if there is none so far
     * @param step the step
     * @return the first failure, with that of the step suppressed into it, or null
     */
    public static @Nullable Throwable attempt(@Nullable Throwable first, AutoCloseable step) {
        try {
            step.close();
            return first;
        } catch (Throwable next) {
            return add(first, next);
        }
    }

    /**
     * Returns whether a failure reports an interrupt. Some streams and channels have exceptions of their own for it.
     *
     * @param failure the failure
     * @return true if it reports an interrupt
     */
    public static boolean isInterruption(Throwable failure) {
        return failure instanceof InterruptedException || failure instanceof ClosedByInterruptException
                || (failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException));
    }

    /**
     * Throws a failure unchanged, if there is one. A callback may throw any type.
     *
     * @param failure the failure, or null
     */
    public static void throwIfAny(@Nullable Throwable failure) {
        if (failure != null) {
            Failures.<RuntimeException>throwUnchanged(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void throwUnchanged(Throwable failure) throws X {
        throw (X) failure;
    }
}
