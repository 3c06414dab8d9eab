package dev.scopedcontext.named;

import java.io.Serial;

/**
 * Thrown if the opener or the closer of a resource throws a checked exception, which is the cause. Code that uses a
 * resource or leaves a session could not declare it. Unchecked exceptions propagate unchanged. Also thrown if a thread
 * is interrupted while it waits for another one to open a resource; the cause is an {@code InterruptedException}, and
 * the thread stays interrupted. The message names the resource.
 */
public final class ResourceException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    ResourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
