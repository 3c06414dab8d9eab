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

/** A queued subtask gets the permit while the portable engine creates its thread, which must start only once. */
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "Either the owner or the thread that passes the permit starts it")
@Outcome(expect = FORBIDDEN, desc = "Nobody does, or both")
@State
public class PermitAndFork {

    private final StartedThread thread = new StartedThread();
    private final TaskThreads threads = new PortableEngine("it is raced").open(null, task -> thread);
    private final ForkedSubtask<?> subtask = new ForkedSubtask<>(
            new Completions<>(new Ownership(null), Joiner.awaitAll(), TaskSettings.DEFAULT), () -> "never run");

    /** Counts its starts, without starting. */
    private static final class StartedThread extends Thread {

        private final AtomicInteger times = new AtomicInteger();

        @Override
        public void start() {
            times.incrementAndGet();
        }
    }

    /** Forks the subtask. */
    @Actor
    public void owner() {
        threads.start(subtask);
    }

    /** Passes the permit. */
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
