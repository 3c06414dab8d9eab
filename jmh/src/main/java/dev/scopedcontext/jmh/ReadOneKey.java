package dev.scopedcontext.jmh;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Question 1: what does it cost to read one key, where it is bound and where it is not?
 *
 * <p>Each read is a method of its own that is not inlined, as reads in real code are far from each other and from what
 * binds. The binding around a thousand of them is of no weight.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ReadOneKey.READS)
public class ReadOneKey {
    static final int READS = 1_000;

    private static final Object DEFAULT = new Object();
    private static final ContextKey<Object> KEY = ContextKey.named("key");
    private static final ContextKey<Object> ABSENT = ContextKey.named("absent");
    private static final ContextKey<Object> WITH_DEFAULT = ContextKey.withDefault("with default", DEFAULT);
    private static final ThreadLocal<Object> THREAD_LOCAL_WITH_INITIAL = ThreadLocal.withInitial(() -> DEFAULT);

    private final Object value = new Object();

    @Benchmark
    public void scopedContextBound(Blackhole sink) {
        ScopedContext.where(KEY, value).run(() -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(bound());
            }
        });
    }

    @Benchmark
    public void scopedContextDefault(Blackhole sink) {
        ScopedContext.where(KEY, value).run(() -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(withDefault());
            }
        });
    }

    @Benchmark
    public void scopedContextAbsent(Blackhole sink) {
        ScopedContext.where(KEY, value).run(() -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(absent());
            }
        });
    }

    /** No binding of any key anywhere: what code outside of every scope pays. */
    @Benchmark
    public void scopedContextOutside(Blackhole sink) {
        for (int i = 0; i < READS; i++) {
            sink.consume(absent());
        }
    }

    @Benchmark
    public void rawScopedValueBound(Blackhole sink) {
        RawScopedValue.run(1, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(scopedValueBound());
            }
        });
    }

    @Benchmark
    public void rawScopedValueAbsent(Blackhole sink) {
        RawScopedValue.run(1, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(scopedValueAbsent());
            }
        });
    }

    @Benchmark
    public void rawThreadLocalBound(Blackhole sink) {
        RawThreadLocal.run(1, value, () -> {
            for (int i = 0; i < READS; i++) {
                sink.consume(threadLocalBound());
            }
        });
    }

    @Benchmark
    public void rawThreadLocalDefault(Blackhole sink) {
        for (int i = 0; i < READS; i++) {
            sink.consume(threadLocalWithInitial());
        }
    }

    @Benchmark
    public void rawThreadLocalAbsent(Blackhole sink) {
        for (int i = 0; i < READS; i++) {
            sink.consume(threadLocalAbsent());
        }
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object bound() {
        return KEY.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object withDefault() {
        return WITH_DEFAULT.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object absent() {
        return ABSENT.orElse(DEFAULT);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object scopedValueBound() {
        return RawScopedValue.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object scopedValueAbsent() {
        return RawScopedValue.absentOrElse(DEFAULT);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object threadLocalBound() {
        return RawThreadLocal.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object threadLocalWithInitial() {
        return THREAD_LOCAL_WITH_INITIAL.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object threadLocalAbsent() {
        return RawThreadLocal.absentOrElse(DEFAULT);
    }
}
