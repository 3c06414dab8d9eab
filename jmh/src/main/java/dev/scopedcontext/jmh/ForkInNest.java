package dev.scopedcontext.jmh;

import static dev.scopedcontext.jmh.peer.Peer.SCOPED_CONTEXT;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_VALUE;

import dev.scopedcontext.jmh.peer.Peer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Question 7, continued: does the cost of a fork grow with the depth of nested bindings?
 *
 * <p>There are ten thousand forks, so that the time of the descent is negligible. Each fork reads the outermost key.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {ForkJoin.ONE_CARRIER, "-Xss16m"}) // enough for a thousand levels
public class ForkInNest {
    static final int SUBTASKS = 10_000;

    @Param({SCOPED_CONTEXT, SCOPED_VALUE})
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
    public void forkAndJoin() {
        context.nest(levels, value, () -> {
            try {
                context.forkAndJoin(SUBTASKS, 1, () -> context.get(levels - 1));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
