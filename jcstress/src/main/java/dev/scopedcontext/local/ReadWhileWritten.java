package dev.scopedcontext.local;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** A plain fork reads while its parent sets values: each is found whole or not at all, and none is lost. */
@JCStressTest
@JCStressMeta(InheritedCell.class)
@State
public class ReadWhileWritten extends InheritedCell {

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
