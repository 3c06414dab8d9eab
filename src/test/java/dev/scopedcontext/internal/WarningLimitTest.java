package dev.scopedcontext.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How many warnings get through, and the count of the others. */
class WarningLimitTest {

    private final AtomicLong clock = new AtomicLong();
    private final WarningLimit limit = new WarningLimit(clock::get);

    @Test
    void someGetThroughInEachPeriodAndTheNextOneTellsOfTheRest() {
        for (int i = 0; i < WarningLimit.AT_ONCE; i++) {
            assertThat(limit.limit("misuse")).isEqualTo("misuse");
        }
        assertThat(limit.limit("misuse")).isNull();
        clock.addAndGet(WarningLimit.PERIOD.toNanos() - 1);
        assertThat(limit.limit("misuse")).isNull();
        clock.addAndGet(1);
        assertThat(limit.limit("misuse")).isEqualTo("misuse (2 other warnings were not logged)");
        assertThat(limit.limit("misuse")).isEqualTo("misuse");
    }
}
