package dev.scopedcontext.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The turn comes to a subtask in line while the portable engine makes its thread: it is started, and once. */
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Either the owner or whoever passes the turn starts it")
@Outcome(expect = FORBIDDEN, desc = "Nobody does, or both")
@State
public class TurnAndFork {

    private final StartedThread thread = new StartedThread();
    private final TaskThreads threads = new PortableEngine("it is raced").open(null, task -> thread);
    private final ForkedSubtask<?> subtask = new ForkedSubtask<>(null, () -> "never run");

    /** Counts how often it is started, and is not. */
    private static final class StartedThread extends Thread {

        private final AtomicInteger times = new AtomicInteger();

        @Override
        public void start() {
            times.incrementAndGet();
        }
    }

    /** Forks it. */
    @Actor
    public void owner() {
        threads.start(subtask);
    }

    /** Passes the turn. */
    @Actor
    public void other() {
        subtask.admit();
        threads.resume(subtask);
    }

    /** Counts. */
    @Arbiter
    public void afterwards(I_Result r) {
        r.r1 = thread.times.get();
    }
}
