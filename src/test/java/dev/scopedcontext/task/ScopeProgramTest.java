package dev.scopedcontext.task;

import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.support.RandomPrograms;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random programs of task scopes against the JDK's own {@code StructuredTaskScope}: each runs with both, and must give
 * the same results, kinds of exceptions, states of subtasks and interrupts.
 */
@Tag("jdk25")
@OnEachEngine
class ScopeProgramTest {

    private static final int PROGRAMS = 100;

    @Test
    void scopesBehaveAsThoseOfTheJdk() {
        RandomPrograms.run(ScopeProgramTest.class, PROGRAMS, ScopeProgramTest::compare);
    }

    @Test
    @Tag("stress")
    void scopesBehaveAsThoseOfTheJdkForMinutes() {
        RandomPrograms.runForMinutes(ScopeProgramTest.class, ScopeProgramTest::compare);
    }

    private static void compare(long seed) throws Exception {
        List<ThreadFactory> kinds = OnThread.kinds();
        ThreadFactory kind = kinds.get((int) Math.floorMod(seed, (long) kinds.size()));
        try (LogLines log = LogLines.capture()) {
            String theirs = ScopeProgram.transcript(new PlainScopes(), seed, kind);
            String ours = ScopeProgram.transcript(new OurScopes(), seed, kind);
            if (theirs != null && ours != null) {
                RandomPrograms.compare(theirs, ours);
            }
        }
    }
}
