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
 * Question 5: what does it cost to capture the values of four keys, to wrap a task with them, and to run the task?
 *
 * <p>Without a library, the program names the keys to capture. The binding around a thousand captures takes a
 * negligible part of the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Capture.TIMES)
@Cannot(peer = {INHERITABLE, FAST}, why = Cannot.NO_HAND_OVER)
@Cannot(peer = REACTOR, why = Cannot.BY_SUBSCRIPTION)
public class Capture {
    static final int TIMES = 1_000;

    @Param({SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL, GRPC, OPEN_TELEMETRY, MICROMETER, TRANSMITTABLE, HELIDON})
    String peer;

    private final Object value = new Object();
    private Peer context;

    @Setup
    public void choose() {
        context = Peer.named(peer);
    }

    @Benchmark
    public void capture(Blackhole sink) {
        context.run(4, value, () -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(capture(context));
            }
        });
    }

    @Benchmark
    public void wrap(Blackhole sink) {
        Runnable task = () -> sink.consume(context.get());
        context.run(4, value, () -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(wrap(context, task));
            }
        });
    }

    @Benchmark
    public void runWrapped(Blackhole sink) {
        Runnable task = () -> sink.consume(context.get());
        Runnable[] wrapped = new Runnable[1];
        context.run(4, value, () -> wrapped[0] = wrap(context, task));
        for (int i = 0; i < TIMES; i++) {
            wrapped[0].run();
        }
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object capture(Peer context) {
        return context.capture();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Runnable wrap(Peer context, Runnable task) {
        return context.wrap(task);
    }
}
