package dev.scopedcontext;

import java.io.Serial;
import java.util.NoSuchElementException;

/**
 * Thrown when a context value is read where none is bound. The message names the key and the keys that are bound
 * there, and says how to bind it. It shows no values.
 */
public class UnboundContextException extends NoSuchElementException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a message.
     *
     * @param message the message, which names the key and the remedy
     */
    public UnboundContextException(String message) {
        super(message);
    }
}
