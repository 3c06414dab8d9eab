package dev.scopedcontext.task;

import dev.scopedcontext.internal.JdkTimer;
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
            return JdkTimer.after(nanos, TimeUnit.NANOSECONDS, action);
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
