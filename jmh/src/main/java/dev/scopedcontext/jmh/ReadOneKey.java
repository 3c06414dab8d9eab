package dev.scopedcontext.jmh;

import static dev.scopedcontext.jmh.peer.Peer.FAST;
import static dev.scopedcontext.jmh.peer.Peer.GRPC;
import static dev.scopedcontext.jmh.peer.Peer.HELIDON;
import static dev.scopedcontext.jmh.peer.Peer.INHERITABLE;
import static dev.scopedcontext.jmh.peer.Peer.MICROMETER;
import static dev.scopedcontext.jmh.peer.Peer.OPEN_TELEMETRY;
import static dev.scopedcontext.jmh.peer.Peer.REACTOR;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_CONTEXT;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_VALUE;
import static dev.scopedcontext.jmh.peer.Peer.THREAD_LOCAL;
import static dev.scopedcontext.jmh.peer.Peer.TRANSMITTABLE;

import dev.scopedcontext.jmh.peer.Peer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Question 1: what does it cost to read one key, if it is bound and if it is not?
 *
 * <p>Each read is in a method of its own that is not inlined, since real code reads far from other reads and from the
 * binding. The binding around two thousand reads takes a negligible part of the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ReadOneKey.READS)
@Cannot(peer = MICROMETER, why = Cannot.NO_VALUES)
public class ReadOneKey {
    static final int READS = 2_000;

    @Param({SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL, INHERITABLE, GRPC, OPEN_TELEMETRY, TRANSMITTABLE, FAST,
            HELIDON, REACTOR})
    String peer;

    private final Object value = new Object();
    private Peer context;

    @Setup
    public void choose() {
        context = Peer.named(peer);
    }

    /** One key is bound, and read. */
    @Benchmark
    public void bound(Blackhole sink) {
        context.run(1, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(read(context));
            }
        });
    }

    /**
     * Sixteen keys are bound, and others are read in turn. The JDK's time to detect an absent key depends on chance.
     */
    @Benchmark
    public void absent(Blackhole sink) {
        context.run(16, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(readAbsent(context, 16 + (i & 63), value));
            }
        });
    }

    /** No key is bound anywhere: the cost of code outside of every scope. */
    @Benchmark
    public void outside(Blackhole sink) {
        for (int i = 0; i < READS; i++) {
            sink.consume(readAbsent(context, 16 + (i & 63), value));
        }
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object read(Peer context) {
        return context.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object readAbsent(Peer context, int key, Object other) {
        return context.absentOrElse(key, other);
    }
}
