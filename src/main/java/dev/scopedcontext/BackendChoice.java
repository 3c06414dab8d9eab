package dev.scopedcontext;

import static dev.scopedcontext.BackendReport.Kind.SCOPED_VALUE;
import static dev.scopedcontext.BackendReport.Kind.THREAD_LOCAL;

import dev.scopedcontext.internal.Log;
import org.jspecify.annotations.Nullable;

/**
 * The backend in use, and the reason for it.
 *
 * @param backend the backend
 * @param report the report for users
 * @param warning the warning to log, or null if the choice is as requested
 */
record BackendChoice(Backend backend, BackendReport report, @Nullable String warning) {

    private static final String PROPERTY = "scopedcontext.backend";

    /** JDK 21 to 24 have a preview of {@code ScopedValue}, with other methods. */
    private static final int FIRST_JDK_WITH_SCOPED_VALUE = 25;

    static BackendChoice make() {
        return make(System.getProperty(PROPERTY), Runtime.version());
    }

    private static BackendChoice make(@Nullable String asked, Runtime.Version jdk) {
        if ("thread-local".equals(asked)) {
            return threadLocal("-D" + PROPERTY + "=thread-local is set", jdk, null);
        }
        String unknown = asked == null || asked.equals("scoped-value")
                ? null
                : "-D" + PROPERTY + "=" + asked + " is unknown and ignored: use thread-local, or leave it out";
        if (jdk.feature() >= FIRST_JDK_WITH_SCOPED_VALUE) {
            String reason = "JDK " + jdk.feature() + " has java.lang.ScopedValue";
            return new BackendChoice(new ScopedValueBackend(), new BackendReport(SCOPED_VALUE, reason, jdk), unknown);
        }
        String tooOld = "JDK " + jdk.feature() + " has no final version of java.lang.ScopedValue";
        return threadLocal(tooOld, jdk, asked == null || unknown != null
                ? unknown
                : "-D" + PROPERTY + "=scoped-value is ignored: " + tooOld);
    }

    private static BackendChoice threadLocal(String reason, Runtime.Version jdk, @Nullable String warning) {
        return new BackendChoice(new ThreadLocalBackend(), new BackendReport(THREAD_LOCAL, reason, jdk), warning);
    }

    /**
     * Logs the warning, if there is one, on a thread of its own. A logger may read the context, wait for another thread
     * that does, or fail. None of these may prevent the initialization of this library's classes.
     */
    void warnIfNotAsExpected() {
        if (warning != null) {
            new Thread(() -> Log.warn(warning, null), "scoped-context-warning").start();
        }
    }
}
