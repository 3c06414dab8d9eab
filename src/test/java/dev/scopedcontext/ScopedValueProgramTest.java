package dev.scopedcontext;

import dev.scopedcontext.support.PlainFork;
import dev.scopedcontext.support.RandomPrograms;
import dev.scopedcontext.support.ScopedValueProgram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Compares random programs of bindings with the JDK's {@code ScopedValue}. Each program runs with both, on a new
 * thread. It must read the same values and fail with the same kinds of exceptions.
 */
@Tag("jdk25")
@ExtendWith(CleanThread.class)
class ScopedValueProgramTest {

    private static final int PROGRAMS = 40;

    @Test
    void bindingsBehaveAsThoseOfTheJdk() {
        RandomPrograms.run(ScopedValueProgramTest.class, PROGRAMS, ScopedValueProgramTest::compare);
    }

    @Test
    @Tag("stress")
    void bindingsBehaveAsThoseOfTheJdkForMinutes() {
        RandomPrograms.runForMinutes(ScopedValueProgramTest.class, ScopedValueProgramTest::compare);
    }

    private static void compare(long seed) throws Exception {
        RandomPrograms.compare(ScopedValueProgram.ofTheJdk(seed, PlainFork.INHERITS),
                ScopedValueProgram.ours(seed, PlainFork.INHERITS));
    }
}
