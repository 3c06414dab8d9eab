package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.support.RandomPrograms;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random programs over futures: each runs with plain {@code CompletableFuture}s and with those of {@link
 * ContextExecutors}. What its functions are given, and what every future shows after each step, must be the same; and
 * each function of ours must see the context in which its stage was added.
 */
@ExtendWith(CleanThread.class)
class FutureProgramTest {

    private static final int PROGRAMS = 100;

    @Test
    void futuresBehaveAsThoseOfTheJdk() {
        RandomPrograms.run(FutureProgramTest.class, PROGRAMS, FutureProgramTest::compare);
    }

    @Test
    @Tag("stress")
    void futuresBehaveAsThoseOfTheJdkForMinutes() {
        RandomPrograms.runForMinutes(FutureProgramTest.class, FutureProgramTest::compare);
    }

    private static void compare(long seed) throws Exception {
        RandomPrograms.compare(new FutureProgram(seed, false).transcript(), new FutureProgram(seed, true).transcript());
        assertThat(CleanThread.isClean()).isTrue();
    }

    @Test
    void everyMethodIsUsed() {
        assertThat(FutureMethods.unused()).isEmpty();
    }
}
