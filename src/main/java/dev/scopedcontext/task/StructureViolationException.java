package dev.scopedcontext.task;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a {@link TaskScope} is used out of its place: by a thread that does not own it, under bindings
 * made since it was opened, after those it was opened in, or before the scopes inside it are closed. The
 * message names the scope and the thread that opened it, and says what to do; with {@code
 * -Dscopedcontext.strict=true} the cause shows where it was opened.
 */
public final class StructureViolationException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was violated, and what to do
     * @param cause where the scope was opened, or the JDK's own report, or null
     */
    public StructureViolationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
