package dev.scopedcontext.internal;

import org.jspecify.annotations.Nullable;

/**
 * Tells that this library was used in a way that it does not allow. A class of its own, so that adapters of other
 * libraries can tell misuse, which must not break the code around, from failures of the user's own callbacks.
 */
public final class MisuseException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /**
     * Creates one.
     *
     * @param message the mistake and its remedy
     */
    public MisuseException(String message) {
        super(message);
    }

    /**
     * Creates one with the place where the misuse began.
     *
     * @param message the mistake and its remedy
     * @param place the place, or null if it is not known
     */
    public MisuseException(String message, @Nullable Throwable place) {
        super(message, place);
    }
}
