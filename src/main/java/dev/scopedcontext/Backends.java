package dev.scopedcontext;

/** Chooses the backend before JDK 25. */
final class Backends {
    private Backends() {
    }

    static BackendReport report() {
        return new BackendReport(BackendReport.Kind.THREAD_LOCAL, "no ScopedValue", Runtime.version());
    }
}
