package dev.scopedcontext.task;

import dev.scopedcontext.internal.JdkTimer;
import java.util.concurrent.TimeUnit;

/** The monotonic clock of deadlines, with an alarm. Tests use a clock that they set. */
interface Ticker {

    /** The clock of the system. Its alarm uses the timer thread of the JDK. */
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

    /** Returns the time, of which only differences are meaningful. */
    long nanoTime();

    /**
     * Runs an action, which must be short and must not throw, after a time.
     *
     * @return a task that drops the alarm
     */
    Runnable alarm(long nanos, Runnable action);
}
