package dev.scopedcontext.baggage;

import java.util.concurrent.atomic.LongAdder;

/** Counts input and output that is left out, for {@link BaggageReport}. */
final class Counters {

    final LongAdder malformed = new LongAdder();
    final LongAdder beyondLimits = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder unwritable = new LongAdder();

    BaggageReport report() {
        return new BaggageReport(malformed.sum(), beyondLimits.sum(), unreadable.sum(), unwritable.sum());
    }
}
