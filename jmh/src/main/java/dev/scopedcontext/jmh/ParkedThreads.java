package dev.scopedcontext.jmh;

import static dev.scopedcontext.jmh.peer.Peer.FAST;
import static dev.scopedcontext.jmh.peer.Peer.HELIDON;
import static dev.scopedcontext.jmh.peer.Peer.MICROMETER;
import static dev.scopedcontext.jmh.peer.Peer.REACTOR;
import static dev.scopedcontext.jmh.peer.Peer.THREAD_LOCAL;
import static dev.scopedcontext.jmh.peer.Peer.TRANSMITTABLE;
import static dev.scopedcontext.jmh.peer.Peer.GRPC;
import static dev.scopedcontext.jmh.peer.Peer.INHERITABLE;
import static dev.scopedcontext.jmh.peer.Peer.OPEN_TELEMETRY;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_CONTEXT;
import static dev.scopedcontext.jmh.peer.Peer.SCOPED_VALUE;

import dev.scopedcontext.jmh.peer.Peer;
import dev.scopedcontext.jmh.peer.VirtualThreads;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Question 12: how many bytes of the heap does a parked virtual thread retain, including its stack? It is forked while
 * some keys are bound, or has bound them itself, and has read one of them.
 *
 * <p>The heap is measured after a garbage collection, while all threads are parked. Their code was compiled before,
 * since frames of the interpreter are larger. Without context and keys, the result is the size of an executor's virtual
 * thread alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmx12g", "-XX:+UseParallelGC"})
@Warmup(iterations = 1)
@Measurement(iterations = 2)
@Cannot(peer = {THREAD_LOCAL, MICROMETER, TRANSMITTABLE}, why = Cannot.AS_TO_ANY_EXECUTOR)
@Cannot(peer = FAST, why = "needs threads of its own, which are not virtual")
@Cannot(peer = REACTOR, why = Cannot.BY_SUBSCRIPTION)
public class ParkedThreads {

    @Param({SCOPED_CONTEXT, SCOPED_VALUE, INHERITABLE, GRPC, OPEN_TELEMETRY, HELIDON})
    String peer;

    @Param({"8", "32"})
    int keys;

    @Param("1000000")
    int threads;

    private final Object value = new Object();
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();
    private volatile boolean released;
    private volatile long held;
    private Thread[] all;
    private Peer context;

    @Setup
    public void choose() {
        context = Peer.named(peer);
    }

    @Setup(Level.Iteration)
    public void clear() {
        all = new Thread[threads];
        places.set(0);
        started.set(0);
        released = false;
    }

    @Benchmark
    public void forked(Bytes result) throws Exception {
        result.bytes = hold(() -> context.forkAndJoin(threads, keys, this::park));
    }

    @Benchmark
    public void bound(Bytes result) throws Exception {
        result.bytes = hold(() -> VirtualThreads.forkAndJoin(threads, executor -> executor, () -> {
            context.run(keys, value, this::park);
            return null;
        }));
    }

    private double hold(Callable<Object> forkAndJoin) throws Exception {
        long before = heap();
        Thread measuring = new Thread(this::measureAndRelease);
        measuring.start();
        forkAndJoin.call();
        measuring.join();
        return (double) (held - before) / threads;
    }

    private Object park() {
        Object read = context.get();
        all[places.getAndIncrement()] = Thread.currentThread();
        started.incrementAndGet();
        while (!released) {
            LockSupport.park(this);
        }
        return read;
    }

    private void measureAndRelease() {
        while (started.get() < threads) {
            LockSupport.parkNanos(1_000_000);
        }
        for (Thread thread : all) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        held = heap();
        released = true;
        for (Thread thread : all) {
            LockSupport.unpark(thread);
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
