package dev.scopedcontext.local;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The first write of a plain fork copies while its parent sets values: the copy has each value completely or not at
 * all.
 */
@JCStressTest
@Outcome(id = "--a", expect = ACCEPTABLE, desc = "Nothing was set yet")
@Outcome(id = "-ba", expect = ACCEPTABLE, desc = "Some was set")
@Outcome(id = "hba", expect = ACCEPTABLE, desc = "All was set")
@Outcome(expect = FORBIDDEN)
@State
public class CopyWhileWritten extends InheritedTable {

    /** Sets. */
    @Actor
    public void parent() {
        write();
    }

    /** Copies. */
    @Actor
    public void child(L_Result r) {
        r.r1 = copy();
    }
}
