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
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jol.info.GraphLayout;

/**
 * Question 12: how many bytes does a captured context retain, in addition to its keys and values?
 *
 * <p>The result is the difference between two contexts and one, with the same keys and values. In this library, a
 * captured context is the frame of the code that was captured. If many keys are bound, a frame that is read often
 * builds and retains a table, so there are two measurements: after binding, and after reading each key a hundred times.
 * The JDK's cache of found keys, which each thread has, is not counted.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Djol.magicFieldOffset=true")
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Cannot(peer = {SCOPED_VALUE, THREAD_LOCAL}, why = "is captured by hand, in an object of one's own")
@Cannot(peer = {INHERITABLE, FAST}, why = Cannot.NO_HAND_OVER)
@Cannot(peer = MICROMETER, why = Cannot.NO_VALUES)
public class Footprint {

    @Param({SCOPED_CONTEXT, GRPC, OPEN_TELEMETRY, TRANSMITTABLE, HELIDON, REACTOR})
    String peer;

    @Param({"1", "8", "32"})
    int keys;

    private final Object value = new Object();
    private Peer context;

    @Setup
    public void choose() {
        context = Peer.named(peer);
    }

    @Benchmark
    public void captured(Bytes result) {
        measure(result, 0);
    }

    @Benchmark
    public void capturedAndRead(Bytes result) {
        measure(result, 100);
    }

    private void measure(Bytes result, int reads) {
        Object one = bindAndCapture(reads);
        Object other = bindAndCapture(reads);
        result.bytes = GraphLayout.parseInstance(one, other).totalSize() - GraphLayout.parseInstance(one).totalSize();
    }

    private Object bindAndCapture(int reads) {
        Object[] captured = new Object[1];
        context.run(keys, value, () -> {
            for (int i = 0; i < reads * keys; i++) {
                context.get(i % keys);
            }
            captured[0] = context.capture();
        });
        return captured[0];
    }
}
