package dev.scopedcontext.jmh;

import dev.scopedcontext.ScopedContext;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Question 6: what does it add to a task that goes through an executor to take four keys along?
 *
 * <p>The executor runs it at once on the calling thread, so that there is nothing else in the measurement.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(HandOff.TIMES)
public class HandOff {
    static final int TIMES = 1_000;

    private final Executor executor = Runnable::run;
    private final Object value = new Object();

    @Benchmark
    public void scopedContext(Blackhole sink) {
        FourKeys.where(value).run(() -> {
            for (int i = 0; i < TIMES; i++) {
                executor.execute(ScopedContext.capture().wrap(() -> sink.consume(FourKeys.A.get())));
            }
        });
    }

    @Benchmark
    public void rawScopedValue(Blackhole sink) {
        RawScopedValue.run(4, value, () -> {
            for (int i = 0; i < TIMES; i++) {
                executor.execute(RawScopedValue.wrap(() -> sink.consume(RawScopedValue.get())));
            }
        });
    }

    @Benchmark
    public void rawThreadLocal(Blackhole sink) {
        RawThreadLocal.run(4, value, () -> {
            for (int i = 0; i < TIMES; i++) {
                executor.execute(RawThreadLocal.wrap(() -> sink.consume(RawThreadLocal.get())));
            }
        });
    }
}
