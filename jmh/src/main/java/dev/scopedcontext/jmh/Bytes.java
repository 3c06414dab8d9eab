package dev.scopedcontext.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A measurement other than time, which the report shows instead of the time. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Bytes {

    /** The number of bytes. */
    public double bytes;
}
