package dev.scopedcontext;

/**
 * Where context is bound and captured.
 */
public final class ScopedContext {
    private ScopedContext() {
    }

    /** {@return which backend was chosen, and why} */
    public static BackendReport backend() {
        return Backends.report();
    }
}
