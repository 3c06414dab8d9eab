package dev.scopedcontext.servlet;

import dev.scopedcontext.internal.JdkTimer;
import dev.scopedcontext.internal.Log;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request that is complete or timed out, but whose end the container does not report. For example, Tomcat 10.1
 * and 11 do not report some requests whose client has disconnected and whose started task throws after {@code
 * complete()}.
 */
final class EndTimer {

    static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Runs the ends one after the other on its own thread, because hooks may take long. The thread stops when it is
     * idle.
     */
    private static final ThreadPoolExecutor ENDS = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), EndTimer::thread);

    static {
        ENDS.allowCoreThreadTimeOut(true);
    }

    private final RequestScopes scopes;
    private final Duration patience;

    /** The class loader of the application, which hooks may use. */
    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();

    /** A task that drops the timeout; null if this does not wait. Guarded by this. */
    private @Nullable Runnable drop;

    EndTimer(RequestScopes scopes, Duration patience) {
        this.scopes = scopes;
        this.patience = patience;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "scoped-context-request-ends", 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** Starts to wait for the end, unless this already waits or the request has ended. */
    synchronized void start() {
        if (drop == null && !scopes.hasEnded()) {
            drop = JdkTimer.after(patience.toMillis(), TimeUnit.MILLISECONDS, this::timeIsUp);
        }
    }

    /** Stops waiting after the request has ended. */
    synchronized void stop() {
        if (drop != null) {
            drop.run();
            drop = null;
        }
    }

    private synchronized void timeIsUp() {
        drop = null;
        ENDS.execute(this::end);
    }

    private void end() {
        Thread.currentThread().setContextClassLoader(loader);
        Throwable failure = new IllegalStateException("The container did not report the end of this asynchronous"
                + " request within " + patience.toMillis() + " ms after it was completed or timed out: its client has"
                + " probably disconnected");
        try {
            if (!scopes.abandonIfIdle(failure)) {
                start();
            }
            if (failure.getSuppressed().length > 0) {
                report(failure);
            }
        } catch (Throwable ofTheEnd) {
            report(ofTheEnd);
        } finally {
            Thread.currentThread().setContextClassLoader(null);
        }
    }

    /** Logs an exception of hooks or closers, which no container catches. */
    private static void report(Throwable failure) {
        Log.warn("The scope of a request whose end the container did not report has ended with a failure", failure);
    }
}
