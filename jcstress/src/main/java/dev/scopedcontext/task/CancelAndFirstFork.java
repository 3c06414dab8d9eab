package dev.scopedcontext.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Like {@link CancelAndFork}, with room for the subtask that is forked in the race. */
@JCStressTest
@Outcome(id = "not started", expect = ACCEPTABLE, desc = "The owner saw the mark")
@Outcome(id = "knows", expect = ACCEPTABLE, desc = "It was interrupted, or sees the mark before it runs")
@Outcome(expect = FORBIDDEN, desc = "One runs on, and nobody told it")
@State
public class CancelAndFirstFork extends Race {

    private ForkedSubtask<?> subtask;

    /** Forks one subtask and then another. */
    @Actor
    public void owner(L_Result r) {
        r.r1 = found(this::forkAndJoin);
    }

    private Object forkAndJoin() throws Exception {
        try (var scope = open(Joiner.allUntil(one -> true), TaskSettings.DEFAULT)) {
            subtask = fork();
            begin();
            fork();
            scope.join();
        }
        boolean told = witnesses.stream().allMatch(Witness::knows);
        return !told ? "not interrupted" : witnesses.size() == 1 ? "not started" : "knows";
    }

    /** Ends the first subtask, which cancels the scope. */
    @Actor
    public void other() {
        whenBegun(() -> end(subtask, "result"));
    }
}
