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
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Question 4: what does it cost to nest bindings, and to read the outermost or the innermost key at the bottom? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Cannot(peer = MICROMETER, why = Cannot.NO_VALUES)
@Fork(jvmArgsAppend = "-Xss16m") // enough for a thousand levels
public class Nest {
    static final int READS = 1_000_000;

    @Param({SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL, INHERITABLE, GRPC, OPEN_TELEMETRY, TRANSMITTABLE, FAST,
            HELIDON, REACTOR})
    String peer;

    @Param({"1", "8", "64"})
    int levels;

    private final Object value = new Object();
    private Peer context;

    @Setup
    public void choose() {
        context = Peer.named(peer);
    }

    @Benchmark
    public void outermost(Blackhole sink) {
        context.nest(levels, value, () -> sink.consume(context.get(levels - 1)));
    }

    @Benchmark
    public void innermost(Blackhole sink) {
        context.nest(levels, value, () -> sink.consume(context.get(0)));
    }

    /** The outermost key is read so often that the time of the descent is negligible. */
    @Benchmark
    @OperationsPerInvocation(READS)
    public void readOutermost(Blackhole sink) {
        context.nest(levels, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(read(context, levels - 1));
            }
        });
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object read(Peer context, int key) {
        return context.get(key);
    }
}
