package dev.scopedcontext;

import org.jspecify.annotations.Nullable;

/** Keeps failures in order: the first one is thrown, those after it are suppressed into it. */
final class Failures {

    private Failures() {
    }

    /** Returns the first failure, with the next suppressed into it unless they are one. */
    static Throwable add(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            try {
                first.addSuppressed(next);
            } catch (VirtualMachineError exhausted) {
                // Where there is no memory or stack to keep both, the first one matters.
            }
        }
        return first;
    }

    /** Throws a failure as it is, if there is one. What comes from a callback may be of any type. */
    static void throwIfAny(@Nullable Throwable failure) {
        if (failure != null) {
            Failures.<RuntimeException>sneakyThrow(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> void sneakyThrow(Throwable failure) throws X {
        throw (X) failure;
    }
}
