package dev.scopedcontext.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A queued subtask gets the permit while the owner cancels. It must not wait forever, nor run without detecting that.
 */
@JCStressTest
@Outcome(id = "interrupted", expect = ACCEPTABLE, desc = "It stays in the queue, and gives up")
@Outcome(id = "resumed, interrupted", expect = ACCEPTABLE, desc = "It had the permit, and was cancelled then")
@Outcome(expect = FORBIDDEN)
@State
public class PermitAndCancel extends Race {

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
            Witness queued = witnesses.get(1);
            return (queued.resumed ? "resumed, " : "") + (queued.interrupted ? "interrupted" : "left alone");
        }
        return "joined";
    }

    /** Ends the subtask that has the permit. */
    @Actor
    public void other() {
        whenBegun(() -> end(subtask, "result"));
    }
}
