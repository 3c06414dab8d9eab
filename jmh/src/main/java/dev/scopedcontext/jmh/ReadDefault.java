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
 * Question 1: what does it cost to read a key that has a default, if it is not bound?
 *
 * <p>As in {@link ReadOneKey}; one other key is bound.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ReadDefault.READS)
@Cannot(peer = {SCOPED_VALUE, OPEN_TELEMETRY, HELIDON, REACTOR}, why = Cannot.NO_DEFAULT)
@Cannot(peer = MICROMETER, why = Cannot.NO_VALUES)
public class ReadDefault {
    static final int READS = 1_000;

    @Param({SCOPED_CONTEXT, THREAD_LOCAL, INHERITABLE, GRPC, TRANSMITTABLE, FAST})
    String peer;

    private final Object value = new Object();
    private Peer context;

    @Setup
    public void choose() {
        context = Peer.named(peer);
    }

    @Benchmark
    public void absent(Blackhole sink) {
        context.run(1, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(read(context));
            }
        });
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object read(Peer context) {
        return context.getDefault();
    }
}
