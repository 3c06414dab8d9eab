package dev.scopedcontext;

/**
 * The current context.
 *
 * {@snippet class="dev.scopedcontext.RunTest" region="backend"}
 */
public final class ScopedContext {
    private ScopedContext() {
    }

    /** {@return which backend was chosen, and why} */
    public static BackendReport backend() {
        return Backends.report();
    }
}
