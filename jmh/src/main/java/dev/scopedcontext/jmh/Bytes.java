package dev.scopedcontext.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What is measured where it is not time: the report shows it in place of the time. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Bytes {

    /** How many. */
    public double bytes;
}
