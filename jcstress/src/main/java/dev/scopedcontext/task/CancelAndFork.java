package dev.scopedcontext.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * One subtask ends, and the joiner cancels, while the owner forks another one, which must not run without detecting
 * that. The array of the subtasks to interrupt is full at the fork, so it grows during the race.
 */
@JCStressTest
@Outcome(id = "not started", expect = ACCEPTABLE, desc = "The owner saw the mark")
@Outcome(id = "knows", expect = ACCEPTABLE, desc = "It was interrupted, or sees the mark before it runs")
@Outcome(expect = FORBIDDEN, desc = "One runs on, and nobody told it")
@State
public class CancelAndFork extends Race {

    private static final int FORKED_BEFORE = 4;

    private ForkedSubtask<?> subtask;

    /** Forks until the joiner cancels. */
    @Actor
    public void owner(L_Result r) {
        r.r1 = found(this::forkAndJoin);
    }

    private Object forkAndJoin() throws Exception {
        try (var scope = open(Joiner.allUntil(one -> true), TaskSettings.DEFAULT)) {
            subtask = fork();
            for (int i = 1; i < FORKED_BEFORE; i++) {
                fork();
            }
            begin();
            fork();
            scope.join();
        }
        return verdict();
    }

    private String verdict() {
        if (!witnesses.stream().allMatch(Witness::knows)) {
            return "not interrupted";
        }
        return witnesses.size() == FORKED_BEFORE ? "not started" : "knows";
    }

    /** Ends the first subtask, which cancels the scope. */
    @Actor
    public void other() {
        whenBegun(() -> end(subtask, "result"));
    }
}
