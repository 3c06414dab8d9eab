package dev.scopedcontext.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The clock of deadlines: monotonic, and with an alarm. Tests have one that stands still until told. */
interface Ticker {

    /** The clock of the system. Its alarm is the JDK's own timer thread, so that there is none of ours. */
    Ticker SYSTEM = new Ticker() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Runnable alarm(long nanos, Runnable action) {
            TimerThread.ensureStarted();
            CompletableFuture<Boolean> time = new CompletableFuture<>();
            CompletableFuture<Void> alarm = time.thenRun(action);
            time.completeOnTimeout(true, nanos, TimeUnit.NANOSECONDS);
            return () -> {
                alarm.cancel(false);
                time.cancel(false);
            };
        }
    };

    /** The JDK's timer thread, which lives for ever, and keeps the context class loader of whoever needs it first. */
    final class TimerThread {

        static {
            Thread thread = Thread.currentThread();
            ClassLoader loader = thread.getContextClassLoader();
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            try {
                new CompletableFuture<>().completeOnTimeout(true, 1, TimeUnit.NANOSECONDS);
            } finally {
                thread.setContextClassLoader(loader);
            }
        }

        private TimerThread() {
        }

        /** Has it started, with the loader of the system. */
        static void ensureStarted() {
        }
    }

    /** Returns the time, which means something only as a difference. */
    long nanoTime();

    /**
     * Runs an action, which must be short and not fail, after a time.
     *
     * @return what makes it not run any more
     */
    Runnable alarm(long nanos, Runnable action);
}
