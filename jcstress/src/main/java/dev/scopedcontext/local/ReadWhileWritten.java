package dev.scopedcontext.local;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A plain fork reads while its parent sets values: each value is seen completely or not at all, and none is lost. */
@JCStressTest
@Outcome(id = "--a", expect = ACCEPTABLE, desc = "Nothing was set yet")
@Outcome(id = "-ba", expect = ACCEPTABLE, desc = "Some was set")
@Outcome(id = "hba", expect = ACCEPTABLE, desc = "All was set")
@Outcome(expect = FORBIDDEN)
@State
public class ReadWhileWritten extends InheritedTable {

    /** Sets. */
    @Actor
    public void parent() {
        write();
    }

    /** Reads. */
    @Actor
    public void child(L_Result r) {
        r.r1 = read();
    }
}
