package dev.scopedcontext;

import static dev.scopedcontext.BackendReport.Kind.SCOPED_VALUE;
import static dev.scopedcontext.BackendReport.Kind.THREAD_LOCAL;

import dev.scopedcontext.internal.Log;
import org.jspecify.annotations.Nullable;

/**
 * Which backend is used, and why.
 *
 * @param backend the one that is used
 * @param report what is told about it
 * @param warning what to log, if this is not what the user can expect
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
            return threadLocal("-D" + PROPERTY + "=thread-local asks for it", jdk, null);
        }
        String unknown = asked == null || asked.equals("scoped-value")
                ? null
                : "-D" + PROPERTY + "=" + asked + " is not known and plays no part: use thread-local, or leave it out";
        if (jdk.feature() >= FIRST_JDK_WITH_SCOPED_VALUE) {
            String reason = "JDK " + jdk.feature() + " has java.lang.ScopedValue";
            return new BackendChoice(new ScopedValueBackend(), new BackendReport(SCOPED_VALUE, reason, jdk), unknown);
        }
        String tooOld = "JDK " + jdk.feature() + " has no java.lang.ScopedValue that is not a preview";
        return threadLocal(tooOld, jdk, asked == null || unknown != null
                ? unknown
                : "-D" + PROPERTY + "=scoped-value cannot be had: " + tooOld);
    }

    private static BackendChoice threadLocal(String reason, Runtime.Version jdk, @Nullable String warning) {
        return new BackendChoice(new ThreadLocalBackend(), new BackendReport(THREAD_LOCAL, reason, jdk), warning);
    }

    /**
     * Logs the warning, if there is one, on a thread of its own: a logger may read the context, wait for
     * another thread that does, or fail, and nothing of that may keep the classes of this library from being
     * initialised.
     */
    void warnIfNotAsExpected() {
        if (warning != null) {
            new Thread(() -> Log.warn(warning, null), "scoped-context-warning").start();
        }
    }
}
