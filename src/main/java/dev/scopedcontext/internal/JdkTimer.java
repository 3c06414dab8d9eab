package dev.scopedcontext.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timer of the JDK, which serves the time-outs of all futures, so that this library needs no thread of its own.
 *
 * <p>A time-out that is dropped leaves the timer at once. For that its future is completed and not cancelled: on JDK
 * 17.0.0 to 17.0.13 and 18 to 20, only a future that completes normally takes its task out of the timer (JDK-8303742).
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
     * @return drops the time-out: the action does not start afterwards
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
     * Starts the thread of the timer, which lives as long as the JVM, so that it keeps nothing of the first caller.
     * A thread inherits the context class loader and the inheritable thread-locals of the thread that creates it. Up
     * to JDK 23 it also keeps the class loader of every class on that thread's stack, in its access control context.
     * Therefore a worker of a {@code ForkJoinPool} creates it, which has none of these, with only the JDK on its stack.
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

    /** Completes a future after its supplier has returned, so that its stages run with only the JDK on the stack. */
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
                // Without another thread, the timer starts its own when it is first used.
            }
        }

        private TimerThread() {
        }

        static void ensureStarted() {
        }
    }
}
