package dev.scopedcontext.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What does it cost to bind one key, run, and read it once? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BindOneKey {
    private static final ThreadLocal<Object> THREAD_LOCAL = new ThreadLocal<>();

    private Object value = new Object();

    @Benchmark
    public void rawThreadLocal(Blackhole sink) {
        Object before = THREAD_LOCAL.get();
        THREAD_LOCAL.set(value);
        try {
            sink.consume(THREAD_LOCAL.get());
        } finally {
            THREAD_LOCAL.set(before);
        }
    }

    @Benchmark
    public void rawScopedValue(Blackhole sink) {
        RawScopedValue.run(value, () -> sink.consume(RawScopedValue.get()));
    }
}
