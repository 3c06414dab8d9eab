package dev.scopedcontext.named;

/**
 * Closes a resource, on the thread that leaves the session, or the task, that it belongs to, and while values
 * and the resources that were opened before it can still be used. What an opener returns only after the session
 * has ended is closed by the thread that opened it, at once; the resources that the opener used are closed before.
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
