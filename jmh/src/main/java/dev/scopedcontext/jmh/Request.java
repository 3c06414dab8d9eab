package dev.scopedcontext.jmh;

import static dev.scopedcontext.jmh.peer.Peer.GRPC;
import static dev.scopedcontext.jmh.peer.Peer.NOTHING;
import static dev.scopedcontext.jmh.peer.Peer.OPEN_TELEMETRY;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_CONTEXT;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_VALUE;
import static dev.scopedcontext.jmh.peer.Peer.THREAD_LOCAL;

import dev.scopedcontext.jmh.request.Service;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.openjdk.jmh.annotations.TearDown;

/**
 * Question 13: what does a whole request cost, compared with a request whose values are passed as parameters?
 *
 * <p>{@link Service} describes a request. The request without context is the one with parameters.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = ForkJoin.ONE_CARRIER)
public class Request {
    private static final int WORKERS = 2;

    @Param({NOTHING, SCOPED_CONTEXT, SCOPED_VALUE, THREAD_LOCAL, GRPC, OPEN_TELEMETRY})
    String peer;

    private ExecutorService pool;
    private Service service;

    @Setup
    public void start() {
        pool = Executors.newFixedThreadPool(WORKERS);
        service = Service.with(peer, pool);
    }

    @TearDown
    public void stop() {
        pool.shutdown();
    }

    @Benchmark
    public int serve() throws Exception {
        return service.serve("r1");
    }
}
