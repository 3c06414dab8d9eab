package dev.scopedcontext.named;

/**
 * Opens a resource: where one is used first in a session, on the thread that uses it and with all that is bound
 * there, so that it can read keys and use other resources. It runs in a scope of its own; what it registers with
 * {@code ScopedContext.onExit} runs when it returns.
 *
 * <p>An opener must be safe to use by several threads at once, for several sessions.
 *
 * @param <T> the type of the resource
 */
@FunctionalInterface
public interface ResourceOpener<T> {

    /**
     * Opens the resource.
     *
     * @return what was opened, not null
     * @throws Exception if it cannot be opened; leaves nothing behind then, and may be called again
     */
    T open() throws Exception;
}
