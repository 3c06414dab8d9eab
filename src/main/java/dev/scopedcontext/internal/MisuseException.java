package dev.scopedcontext.internal;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if this library is used in a way that it does not allow. Adapters of other libraries use the type to
 * distinguish misuse, which must not break the surrounding code, from failures of callbacks.
 */
public final class MisuseException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message the mistake and its remedy
     */
    public MisuseException(String message) {
        super(message);
    }

    /**
     * Creates an exception whose cause shows where the misuse began.
     *
     * @param message the mistake and its remedy
     * @param place the place, or null if it is not known
     */
    public MisuseException(String message, @Nullable Throwable place) {
        super(message, place);
    }
}
