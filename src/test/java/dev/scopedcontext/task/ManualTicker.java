package dev.scopedcontext.task;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A clock that stands still until a test moves it. Alarms go off on the test's thread. */
final class ManualTicker implements Ticker {

    private record Alarm(long at, Runnable action) {
    }

    private final List<Alarm> alarms = new ArrayList<>();
    private long now = 42;

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Runnable alarm(long nanos, Runnable action) {
        Alarm alarm = new Alarm(now + nanos, action);
        alarms.add(alarm);
        return () -> drop(alarm);
    }

    private synchronized void drop(Alarm alarm) {
        alarms.remove(alarm);
    }

    synchronized int pending() {
        return alarms.size();
    }

    void advance(Duration time) {
        for (Alarm alarm : due(time)) {
            alarm.action.run();
        }
    }

    /** Moves the clock as if the alarm thread were late. */
    synchronized void advanceWithoutAlarms(Duration time) {
        now += time.toNanos();
    }

    private synchronized List<Alarm> due(Duration time) {
        now += time.toNanos();
        List<Alarm> due = alarms.stream().filter(alarm -> alarm.at <= now).toList();
        alarms.removeAll(due);
        return due;
    }
}
