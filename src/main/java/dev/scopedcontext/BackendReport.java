package dev.scopedcontext;

/**
 * What the library stands on in this process, and why: the answer of {@link ScopedContext#backend()}, made to
 * be logged. Behaviour does not depend on it.
 *
 * @param kind where the current context of a thread is kept
 * @param reason why, in a sentence
 * @param jdk the version of the running JDK
 */
public record BackendReport(Kind kind, String reason, Runtime.Version jdk) {

    /** Where the current context of a thread is kept. */
    public enum Kind {
        /** In a {@code java.lang.ScopedValue}: JDK 25 and newer. */
        SCOPED_VALUE,
        /** In a {@code ThreadLocal}: JDK 17 to 24, and wherever it is asked for. */
        THREAD_LOCAL
    }
}
