package dev.scopedcontext.local;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** The first write of a plain fork copies while its parent sets values: the copy has each whole or not at all. */
@JCStressTest
@JCStressMeta(InheritedCell.class)
@State
public class CopyWhileWritten extends InheritedCell {

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
