package dev.scopedcontext.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The turn passes to the subtask in line while the owner cancels: that must not wait for ever, nor run unknowing. */
@JCStressTest
@Outcome(id = "interrupted", expect = ACCEPTABLE, desc = "It stays in line, and is told to give up")
@Outcome(id = "resumed, interrupted", expect = ACCEPTABLE, desc = "It had its turn, and was cancelled then")
@Outcome(expect = FORBIDDEN)
@State
public class TurnAndCancel extends Race {

    private ForkedSubtask<?> subtask;

    /** Closes without joining. */
    @Actor
    public void owner(L_Result r) {
        r.r1 = found(this::forkAndClose);
    }

    private Object forkAndClose() throws Exception {
        try (var scope = open(Joiner.awaitAll(), TaskSettings.DEFAULT.withMaxConcurrency(1))) {
            subtask = fork();
            fork();
            begin();
        } catch (NotJoinedException asIntended) {
            Witness inLine = witnesses.get(1);
            return (inLine.resumed ? "resumed, " : "") + (inLine.interrupted ? "interrupted" : "left alone");
        }
        return "joined";
    }

    /** Ends the subtask whose turn it was. */
    @Actor
    public void other() {
        whenBegun(() -> end(subtask, "result"));
    }
}
