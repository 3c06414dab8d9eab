package dev.scopedcontext;

/**
 * Says which backend was chosen, and why.
 *
 * @param kind the backend
 * @param reason why it was chosen
 * @param jdk the JDK that runs
 */
public record BackendReport(Kind kind, String reason, Runtime.Version jdk) {
    /** What holds the bindings of a thread. */
    public enum Kind {
        /** {@code java.lang.ScopedValue}. */
        SCOPED_VALUE,
        /** {@link ThreadLocal}. */
        THREAD_LOCAL
    }
}
