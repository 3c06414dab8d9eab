package dev.scopedcontext.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The last subtask ends while the owner is about to park in {@code join}, which must not wait forever. */
@JCStressTest
@Outcome(id = "SUCCESS", expect = ACCEPTABLE, desc = "The owner wakes, and sees the result")
@Outcome(expect = FORBIDDEN)
@State
public class LastEndAndJoin extends Race {

    private ForkedSubtask<?> subtask;

    /** Forks and joins. */
    @Actor
    public void owner(L_Result r) {
        r.r1 = found(this::forkAndJoin);
    }

    private Object forkAndJoin() throws Exception {
        try (var scope = open(Joiner.awaitAll(), TaskSettings.DEFAULT)) {
            subtask = fork();
            begin();
            scope.join();
            return subtask.state();
        }
    }

    /** Ends the subtask. */
    @Actor
    public void other() {
        whenBegun(() -> end(subtask, "result"));
    }
}
