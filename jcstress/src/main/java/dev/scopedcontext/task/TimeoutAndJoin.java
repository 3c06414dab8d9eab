package dev.scopedcontext.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A subtask ends while the time is up, and the owner, which has handled that, calls {@code join}. */
@JCStressTest
@Outcome(id = "0 successes", expect = ACCEPTABLE, desc = "It was cancelled")
@Outcome(id = "1 successes", expect = ACCEPTABLE, desc = "It ended before")
@Outcome(expect = FORBIDDEN)
@State
public class TimeoutAndJoin extends Race {

    private final ActorsTicker ticker = new ActorsTicker();
    private ForkedSubtask<?> subtask;

    /** Fires the alarm, and joins. */
    @Actor
    public void owner(L_Result r) {
        r.r1 = found(this::ringAndJoin);
    }

    private Object ringAndJoin() throws Exception {
        try (var scope = open(Joiner.collect(), TaskSettings.DEFAULT.withDeadline(ticker.deadline()))) {
            subtask = fork();
            begin();
            ticker.ring();
            Collected<?> collected = scope.join();
            return collected.timedOut() ? collected.successes().size() + " successes" : "not timed out";
        }
    }

    /** Ends the subtask. */
    @Actor
    public void other() {
        whenBegun(() -> end(subtask, "result"));
    }
}
