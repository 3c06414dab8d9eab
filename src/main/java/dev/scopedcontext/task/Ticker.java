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
            CompletableFuture<Boolean> time = new CompletableFuture<>();
            CompletableFuture<Void> alarm = time.thenRun(action);
            time.completeOnTimeout(true, nanos, TimeUnit.NANOSECONDS);
            return () -> {
                alarm.cancel(false);
                time.cancel(false);
            };
        }
    };

    /** Returns the time, which means something only as a difference. */
    long nanoTime();

    /**
     * Runs an action, which must be short and not fail, after a time.
     *
     * @return what makes it not run any more
     */
    Runnable alarm(long nanos, Runnable action);
}
