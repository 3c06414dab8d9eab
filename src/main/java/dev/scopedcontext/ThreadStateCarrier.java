package dev.scopedcontext;

/**
 * Takes the thread-local state of another library along when context is handed to another thread: the whole
 * logging context, the current span, a registry of accessors.
 *
 * <p>A carrier is switched on for a scope by {@link Bindings#carrying}, and then takes part in every hand-off
 * out of that scope: captures, wrapped tasks, propagating executors and the scopes nested in them.
 *
 * {@snippet class="dev.scopedcontext.documents.ReadmeExamplesTest" region="carrier"}
 *
 * <p>A carrier must be safe to use by several threads at once. What its methods throw is thrown to whoever
 * captures or enters.
 */
@FunctionalInterface
public interface ThreadStateCarrier {

    /**
     * Captures the state of the calling thread. Called whenever the context is captured.
     *
     * @return the captured state, to be installed any number of times, by several threads at once
     */
    Carried capture();

    /** State that was captured, and can be installed on other threads. */
    @FunctionalInterface
    interface Carried {

        /**
         * Installs the captured state on the calling thread, replacing what it had.
         *
         * @return the action that puts back exactly what the thread had before; run once, by the same thread
         */
        Runnable install();
    }
}
