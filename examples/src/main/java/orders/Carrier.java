package orders;

import static java.time.Duration.ofSeconds;
import static orders.Current.REQUEST_ID;
import static orders.Current.USER;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * Delivers the orders of a tenant, and estimates the time of delivery. It stands for a remote service that is too slow
 * for some orders. It counts the slow look-ups, and those that are cancelled in time.
 */
final class Carrier {

    private static final Duration SLOW = ofSeconds(30);
    private static final Duration IN_TIME = ofSeconds(4);

    private final int fastest;
    private final int slowEvery;
    private final LongAdder slow = new LongAdder();
    private final LongAdder cancelledInTime = new LongAdder();

    /**
     * The estimated time of a delivery.
     *
     * @param reference the reference for later questions to the carrier: the user and the request
     */
    record Estimate(int days, String reference) {
    }

    private Carrier(int fastest, int slowEvery) {
        this.fastest = fastest;
        this.slowEvery = slowEvery;
    }

    static Carrier reliable(int fastest) {
        return new Carrier(fastest, Integer.MAX_VALUE);
    }

    static Carrier slowForEvery(int orders, int fastest) {
        return new Carrier(fastest, orders);
    }

    Estimate estimate(long order) throws InterruptedException {
        String reference = USER.get() + "/" + REQUEST_ID.get();
        if (order % slowEvery == 0) {
            beSlow();
        }
        return new Estimate(fastest + (int) (order % 3), reference);
    }

    /** Returns the number of days of the fastest deliveries. Others take one or two more. */
    int fastest() {
        return fastest;
    }

    /** Returns a number: the carrier is slow for orders whose id is a multiple of it. */
    int slowEvery() {
        return slowEvery;
    }

    long cancelledInTime() {
        return cancelledInTime.sum();
    }

    /** Returns the number of slow look-ups that were not cancelled in time, or are still running. */
    long late() {
        return slow.sum() - cancelledInTime.sum();
    }

    private void beSlow() throws InterruptedException {
        slow.increment();
        long start = System.nanoTime();
        try {
            Thread.sleep(SLOW.toMillis());
        } catch (InterruptedException e) {
            if (System.nanoTime() - start < IN_TIME.toNanos()) {
                cancelledInTime.increment();
            }
            throw e;
        }
    }
}
