package dev.scopedcontext.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's timer for timeouts of futures. Using it saves this library a thread of its own.
 *
 * <p>A dropped timeout is removed from the timer at once. Its future is completed, not cancelled: on JDK 17.0.0 to
 * 17.0.13 and 18 to 20, only normal completion removes the task from the timer (JDK-8303742).
 */
public final class JdkTimer {

    private JdkTimer() {
    }

    /**
     * Runs an action, which must be short and not throw, after a time.
     *
     * @param time the time
     * @param unit the unit of the time
     * @param action the action
     * @return a task that drops the timeout; the action does not start afterwards
     */
    public static Runnable after(long time, TimeUnit unit, Runnable action) {
        TimerThread.ensureStarted();
        CompletableFuture<Boolean> timer = new CompletableFuture<>();
        CompletableFuture<Void> unused = timer.thenAccept(timeIsUp -> {
            if (timeIsUp) {
                action.run();
            }
        });
        timer.completeOnTimeout(true, time, unit);
        return () -> timer.complete(false);
    }

    /**
     * Starts the timer's thread, which lives as long as the JVM and therefore must not retain anything of the first
     * caller. A thread inherits the context class loader and the inheritable thread-locals of its creator. Up to JDK
     * 23, its access control context also retains the class loader of every class on the creator's stack. Therefore a
     * worker of a {@code ForkJoinPool} creates the thread: it has none of these, and only classes of the JDK on its
     * stack.
     */
    private static void startThread() {
        CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
        CompletableFuture<Void> started = first.thenRunAsync(() -> {
        }, CompletableFuture.delayedExecutor(1, TimeUnit.NANOSECONDS, Runnable::run));
        Thread clean = new Thread(null, () -> completeOnWorker(first), "scoped-context-timer", 0, false);
        clean.setContextClassLoader(ClassLoader.getSystemClassLoader());
        clean.setDaemon(true);
        clean.start();
        started.join();
    }

    /** Completes a future by a supplier, so that its stages run with only classes of the JDK on the stack. */
    private static void completeOnWorker(CompletableFuture<@Nullable Void> first) {
        ForkJoinPool pool = new ForkJoinPool(1);
        try {
            first.completeAsync(() -> null, pool);
        } catch (Throwable failure) {
            first.completeExceptionally(failure);
        } finally {
            pool.shutdown();
        }
    }

    /** Starts the thread once, on initialization. */
    private static final class TimerThread {

        static {
            try {
                startThread();
            } catch (Throwable exhausted) {
                // No thread could be created here. The timer then starts its own on first use.
            }
        }

        private TimerThread() {
        }

        static void ensureStarted() {
        }
    }
}
