package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits for what other threads do; an interrupt is kept. */
final class Waiting {

    static final long LONGEST = TimeUnit.SECONDS.toNanos(20);

    private Waiting() {
    }

    /** Waits until a condition holds, and fails if it never does. */
    static void until(String what, BooleanSupplier condition) {
        if (!within(LONGEST, condition)) {
            throw new AssertionError("Waited in vain until " + what);
        }
    }

    /** Waits until a condition holds or a time has passed, and tells whether it holds. */
    static boolean within(long nanos, BooleanSupplier condition) {
        long begun = System.nanoTime();
        boolean interrupted = Thread.interrupted();
        for (int turns = 0; !condition.getAsBoolean(); turns++) {
            if (System.nanoTime() - begun > nanos) {
                return false;
            }
            if (turns < 50) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(20_000);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** Waits until a thread itself waits, for a second at most. */
    static boolean untilParked(Thread thread) {
        return within(TimeUnit.SECONDS.toNanos(1), () -> isParked(thread));
    }

    static boolean isParked(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /** Does something while another thread does something else; waits for that, and fails if it does. */
    static <T> T meanwhile(Runnable other, Callable<T> operation) throws Exception {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                other.run();
            } catch (Throwable thrown) {
                failure.set(thrown);
            }
        });
        thread.start();
        try {
            return operation.call();
        } finally {
            until("the other thread has done its part", () -> !thread.isAlive());
            assertThat(failure.get()).isNull();
        }
    }
}
