package dev.scopedcontext;

/**
 * Carries thread-local state of another library along when context is handed over to another thread, such as the whole
 * logging context, the current span, or a registry of accessors.
 *
 * <p>{@link Bindings#carrying} switches a carrier on for a scope. It then takes part in every hand-over out of that
 * scope: in captures, wrapped tasks, propagating executors, and scopes nested in them.
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="carrier"}
 *
 * <p>Implementations must be thread-safe. Exceptions propagate to the caller that captures or enters the context.
 */
@FunctionalInterface
public interface ThreadStateCarrier {

    /**
     * Captures the state of the calling thread. Called whenever the context is captured.
     *
     * @return the captured state, not null, which can be installed any number of times and by several threads at once
     */
    Carried capture();

    /** Captured state, which can be installed on other threads. */
    @FunctionalInterface
    interface Carried {

        /**
         * Installs the captured state on the calling thread, which replaces the previous state.
         *
         * @return the action that restores the previous state exactly, not null; the same thread runs it once
         */
        Runnable install();
    }
}
