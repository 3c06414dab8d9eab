package dev.scopedcontext;

/** Chooses the backend on JDK 25 and newer. */
final class Backends {
    static final ScopedValue<String> SLOT = ScopedValue.newInstance();

    private Backends() {
    }

    static BackendReport report() {
        boolean forced = "thread-local".equals(System.getProperty("scopedcontext.backend"));
        return new BackendReport(forced ? BackendReport.Kind.THREAD_LOCAL : BackendReport.Kind.SCOPED_VALUE,
                forced ? "asked for" : SLOT.orElse("ScopedValue"), Runtime.version());
    }
}
