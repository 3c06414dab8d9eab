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
 * Question 2: what does a read cost if many keys are bound: all of them in turn, always the key bound first, or always
 * the key bound last?
 *
 * <p>The JDK caches sixteen scoped values for each thread. Reads are not inlined, as in {@link ReadOneKey}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ReadManyKeys.READS)
@Cannot(peer = MICROMETER, why = Cannot.NO_VALUES)
public class ReadManyKeys {
    static final int READS = 6_400;

    @Param({SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL, INHERITABLE, GRPC, OPEN_TELEMETRY, TRANSMITTABLE, FAST,
            HELIDON, REACTOR})
    String peer;

    /** A power of two. */
    @Param({"1", "8", "32"})
    int keys;

    private final Object value = new Object();
    private Peer context;

    @Setup
    public void choose() {
        context = Peer.named(peer);
    }

    @Benchmark
    public void inTurn(Blackhole sink) {
        context.run(keys, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(read(context, i & keys - 1));
            }
        });
    }

    @Benchmark
    public void first(Blackhole sink) {
        context.run(keys, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(read(context, 0));
            }
        });
    }

    @Benchmark
    public void last(Blackhole sink) {
        context.run(keys, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(read(context, keys - 1));
            }
        });
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object read(Peer context, int key) {
        return context.get(key);
    }
}
