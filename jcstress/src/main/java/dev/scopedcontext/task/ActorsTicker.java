package dev.scopedcontext.task;

import java.time.Duration;

/** A clock that stands still, and an alarm that an actor fires. */
final class ActorsTicker implements Ticker {

    private Runnable action;

    Deadline deadline() {
        return Deadline.after(this, Duration.ofSeconds(1));
    }

    void ring() {
        action.run();
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public Runnable alarm(long nanos, Runnable action) {
        this.action = action;
        return () -> {
        };
    }
}
