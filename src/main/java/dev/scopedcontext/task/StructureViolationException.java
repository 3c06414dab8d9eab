package dev.scopedcontext.task;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if the use of a {@link TaskScope} violates the structure of the program: by a thread that does not own it,
 * under bindings made since it was opened, after the end of those it was opened in, or before the scopes inside it are
 * closed. The message names the scope and its owner, and states a remedy. With {@code -Dscopedcontext.strict=true}, the
 * cause shows the place where the scope was opened.
 */
public final class StructureViolationException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the violation and its remedy
     * @param cause the place where the scope was opened, or the exception of the JDK, or null
     */
    public StructureViolationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
