package dev.scopedcontext.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The time is up while a subtask ends, and the owner is in {@code join}. */
@JCStressTest
@Outcome(id = "in time", expect = ACCEPTABLE, desc = "It ended, and all had")
@Outcome(id = "too late", expect = ACCEPTABLE, desc = "It was cancelled")
@Outcome(id = "both", expect = ACCEPTABLE_INTERESTING, desc = "It ended, and then the time was up: it counts")
@Outcome(expect = FORBIDDEN, desc = "Neither ended nor cancelled")
@State
public class TimeoutAndEnd extends Race {

    private final ActorsTicker ticker = new ActorsTicker();

    /** Ends the subtask, and joins. */
    @Actor
    public void owner(L_Result r) {
        r.r1 = found(this::endAndJoin);
    }

    private Object endAndJoin() throws Exception {
        try (var scope = open(Joiner.collect(), TaskSettings.DEFAULT.withDeadline(ticker.deadline()))) {
            ForkedSubtask<?> subtask = fork();
            begin();
            end(subtask, "result");
            return verdict(scope.join());
        }
    }

    private static String verdict(Collected<?> collected) {
        boolean ended = !collected.successes().isEmpty();
        return ended ? collected.timedOut() ? "both" : "in time" : collected.timedOut() ? "too late" : "neither";
    }

    /** Fires the alarm. */
    @Actor
    public void other() {
        whenBegun(ticker::ring);
    }
}
