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
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_VALUE_IN_EXECUTOR;
import static dev.scopedcontext.jmh.peer.Peer.THREAD_LOCAL;
import static dev.scopedcontext.jmh.peer.Peer.TRANSMITTABLE;

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
 * Question 7: what does it cost to fork subtasks, each of which reads a key, and to wait for all of them? Does it
 * depend on the number of bound keys?
 *
 * <p>A peer without task scopes forks through its own wrapper of an executor that starts a virtual thread for each
 * task. Before JDK 21, all peers start platform threads.
 *
 * <p>For every peer, a JVM settles at one of two costs, and the higher one is more than twice the lower one. The
 * question therefore runs in many JVMs. The higher cost is less frequent if virtual threads have one carrier and the
 * forking thread has another core to itself.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Cannot(peer = {THREAD_LOCAL, MICROMETER, TRANSMITTABLE}, why = Cannot.AS_TO_ANY_EXECUTOR)
@Cannot(peer = FAST, why = Cannot.NO_HAND_OVER)
@Cannot(peer = REACTOR, why = Cannot.BY_SUBSCRIPTION)
@Fork(jvmArgsAppend = ForkJoin.ONE_CARRIER)
public class ForkJoin {
    static final String ONE_CARRIER = "-Djdk.virtualThreadScheduler.parallelism=1";

    @Param({SCOPED_CONTEXT, SCOPED_VALUE, SCOPED_VALUE_IN_EXECUTOR, INHERITABLE, GRPC, OPEN_TELEMETRY, HELIDON})
    String peer;

    @Param({"1", "100", "10000"})
    int subtasks;

    @Param("8")
    int keys;

    private Peer context;

    @Setup
    public void choose() {
        context = Peer.named(peer);
    }

    @Benchmark
    public Object forkAndJoin() throws Exception {
        return context.forkAndJoin(subtasks, keys, context::get);
    }
}
