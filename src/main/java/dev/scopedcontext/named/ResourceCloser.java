package dev.scopedcontext.named;

/**
 * Closes a resource. A closer runs on the thread that ends the session or task of the resource, while values and the
 * resources that were opened before can still be used. If an opener returns only after the session has ended, its
 * thread closes the resource at once. The resources that the opener used are then already closed.
 *
 * <p>A closer must be thread-safe: it may be called for several sessions at once.
 *
 * @param <T> the type of the resource
 */
@FunctionalInterface
public interface ResourceCloser<T> {

    /**
     * Closes the resource. Called once for each opened resource, even if other closers fail.
     *
     * @param resource the resource, as the opener returned it
     * @throws Exception if the resource cannot be closed properly
     */
    void close(T resource) throws Exception;
}
