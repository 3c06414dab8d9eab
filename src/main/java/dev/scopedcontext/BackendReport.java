package dev.scopedcontext;

/**
 * The backend in use and the reason for it, as returned by {@link ScopedContext#backend()} for logs. The behaviour of
 * this library does not depend on the backend. Instances are immutable and thread-safe.
 *
 * @param kind the storage of the current context of a thread
 * @param reason the reason, in a sentence
 * @param jdk the version of the running JDK
 */
public record BackendReport(Kind kind, String reason, Runtime.Version jdk) {

    /** The storage of the current context of a thread. */
    public enum Kind {
        /** A {@code java.lang.ScopedValue}, on JDK 25 and newer. */
        SCOPED_VALUE,
        /** A {@code ThreadLocal}, on JDK 17 to 24, and with {@code -Dscopedcontext.backend=thread-local}. */
        THREAD_LOCAL
    }
}
