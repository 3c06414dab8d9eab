package dev.scopedcontext.jmh;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * Question 2: what does a read cost where many keys are bound, and read in turn?
 *
 * <p>The JDK remembers sixteen scoped values for each thread. Reads are not inlined, as in {@link ReadOneKey}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ReadManyKeys.READS)
public class ReadManyKeys {
    static final int READS = 3_200;

    @SuppressWarnings("unchecked")
    private static final ContextKey<Object>[] MANY = Stream.generate(() -> ContextKey.named("key")).limit(32)
            .toArray(ContextKey[]::new);

    /** A power of two. */
    @Param({"1", "8", "32"})
    int keys;

    private final Object value = new Object();
    private Bindings bindings;

    @Setup
    public void bind() {
        bindings = ScopedContext.where(MANY[0], value);
        for (int i = 1; i < keys; i++) {
            bindings = bindings.where(MANY[i], value);
        }
    }

    @Benchmark
    public void scopedContext(Blackhole sink) {
        bindings.run(() -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(read(i & keys - 1));
            }
        });
    }

    @Benchmark
    public void rawScopedValue(Blackhole sink) {
        RawScopedValue.runMany(keys, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(readScopedValue(i & keys - 1));
            }
        });
    }

    @Benchmark
    public void rawThreadLocal(Blackhole sink) {
        RawThreadLocal.runMany(keys, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(readThreadLocal(i & keys - 1));
            }
        });
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object read(int key) {
        return MANY[key].get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object readScopedValue(int key) {
        return RawScopedValue.get(key);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object readThreadLocal(int key) {
        return RawThreadLocal.get(key);
    }
}
