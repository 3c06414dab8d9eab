package dev.scopedcontext.named;

/**
 * Opens a resource when a session first uses it. An opener runs on the thread that uses the resource, with the bindings
 * of that thread, so it can read keys and use other resources. It runs in a scope of its own: hooks that it registers
 * with {@code ScopedContext.onExit} run when it returns.
 *
 * <p>An opener must be thread-safe: it may be called for several sessions at once.
 *
 * @param <T> the type of the resource
 */
@FunctionalInterface
public interface ResourceOpener<T> {

    /**
     * Opens the resource.
     *
     * @return the resource, which must not be null
     * @throws Exception if the resource cannot be opened. The opener must then leave nothing open, and may be called
     *         again
     */
    T open() throws Exception;
}
