package dev.scopedcontext.named;

/**
 * Closes a resource, on the thread that leaves the session, or the task, that it belongs to, and while values
 * and the resources that were opened before it can still be used.
 *
 * <p>A closer must be safe to use by several threads at once, for several sessions.
 *
 * @param <T> the type of the resource
 */
@FunctionalInterface
public interface ResourceCloser<T> {

    /**
     * Closes the resource. Called once for each that was opened, whatever others did.
     *
     * @param resource what was opened
     * @throws Exception if it cannot be closed properly
     */
    void close(T resource) throws Exception;
}
