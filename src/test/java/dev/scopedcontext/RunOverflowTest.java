package dev.scopedcontext;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** J17: after a {@code StackOverflowError} the bindings are right at every level. */
@ExtendWith(CleanThread.class)
class RunOverflowTest {

    private static final ContextKey<Integer> DEPTH = ContextKey.named("depth");

    @Test
    void bindingsAreRightAtEveryLevelAfterAnOverflow() throws Exception {
        overflow(200_000, Duration.ofSeconds(5));
    }

    @Test
    @Tag("stress")
    void bindingsStayRightOverTenMillionLevels() throws Exception {
        overflow(10_000_000, Duration.ofSeconds(30));
    }

    private static void overflow(long levels, Duration atMost) throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        Descent descent = new Descent();
        while (descent.levels < levels && System.nanoTime() < end) {
            Thread thread = new Thread(null, descent, "descent", 256 * 1024);
            thread.start();
            thread.join();
        }
        System.out.printf("RunOverflowTest: %,d overflows, %,d levels%n", descent.overflows, descent.levels);
        assertThat(descent.wrong).isZero();
        assertThat(descent.left).isZero();
        assertThat(descent.overflows).isPositive();
        assertThat(descent.levels).isGreaterThan(1_000);
    }

    /**
     * Descends until the stack overflows. It repeats a few levels around the deepest one, since each overflow is in a
     * different place. The fields are plain, since the threads that use it are joined one after the other.
     */
    private static final class Descent implements Runnable {

        long overflows;
        long levels;
        long wrong;
        long left;

        @Override
        public void run() {
            for (int i = 0; i < 20; i++) {
                try {
                    level(0);
                } catch (StackOverflowError outermost) {
                    overflows++;
                }
                left += DEPTH.isBound() || Current.scope() != null ? 1 : 0;
            }
        }

        private void level(int depth) {
            try {
                ScopedContext.where(DEPTH, depth).run(() -> {
                    level(depth + 1);
                    check(depth);
                });
            } catch (StackOverflowError overflow) {
                overflows++;
            }
            levels++;
            check(depth - 1);
        }

        private void check(int depth) {
            if (DEPTH.orElse(-1) != depth) {
                wrong++;
            }
        }
    }
}
