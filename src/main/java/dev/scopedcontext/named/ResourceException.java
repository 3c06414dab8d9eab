package dev.scopedcontext.named;

import java.io.Serial;

/**
 * Thrown when the opener or the closer of a resource threw a checked exception, which is the cause: whoever uses
 * a resource, and whoever leaves a session, cannot declare it. Unchecked ones are thrown as they are. The
 * message names the resource.
 */
public final class ResourceException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    ResourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
