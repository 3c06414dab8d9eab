package dev.scopedcontext.jmh;

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
 * Question 5: what does it cost to capture what is bound to four keys, to wrap a task with it, and to run that?
 *
 * <p>By hand one names the keys that are to be taken along. The binding around a thousand captures is of no weight.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Capture.TIMES)
public class Capture {
    static final int TIMES = 1_000;

    private final Object value = new Object();

    @Benchmark
    public void scopedContextCapture(Blackhole sink) {
        FourKeys.where(value).run(() -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(capture());
            }
        });
    }

    @Benchmark
    public void scopedContextWrap(Blackhole sink) {
        Runnable task = () -> sink.consume(FourKeys.A.get());
        FourKeys.where(value).run(() -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(wrap(task));
            }
        });
    }

    @Benchmark
    public void scopedContextRunWrapped(Blackhole sink) {
        Runnable task = () -> sink.consume(FourKeys.A.get());
        Runnable wrapped = FourKeys.where(value).call(() -> wrap(task));
        for (int i = 0; i < TIMES; i++) {
            wrapped.run();
        }
    }

    @Benchmark
    public void rawScopedValueCapture(Blackhole sink) {
        RawScopedValue.run(4, value, () -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(captureScopedValues());
            }
        });
    }

    @Benchmark
    public void rawScopedValueWrap(Blackhole sink) {
        Runnable task = () -> sink.consume(RawScopedValue.get());
        RawScopedValue.run(4, value, () -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(wrapScopedValues(task));
            }
        });
    }

    @Benchmark
    public void rawScopedValueRunWrapped(Blackhole sink) throws Exception {
        Runnable task = () -> sink.consume(RawScopedValue.get());
        Runnable wrapped = RawScopedValue.call(4, value, () -> wrapScopedValues(task));
        for (int i = 0; i < TIMES; i++) {
            wrapped.run();
        }
    }

    @Benchmark
    public void rawThreadLocalCapture(Blackhole sink) {
        RawThreadLocal.run(4, value, () -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(captureThreadLocals());
            }
        });
    }

    @Benchmark
    public void rawThreadLocalWrap(Blackhole sink) {
        Runnable task = () -> sink.consume(RawThreadLocal.get());
        RawThreadLocal.run(4, value, () -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(wrapThreadLocals(task));
            }
        });
    }

    @Benchmark
    public void rawThreadLocalRunWrapped(Blackhole sink) {
        Runnable task = () -> sink.consume(RawThreadLocal.get());
        Runnable[] wrapped = new Runnable[1];
        RawThreadLocal.run(4, value, () -> wrapped[0] = wrapThreadLocals(task));
        for (int i = 0; i < TIMES; i++) {
            wrapped[0].run();
        }
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object capture() {
        return ScopedContext.capture();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object captureScopedValues() {
        return RawScopedValue.capture();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object captureThreadLocals() {
        return RawThreadLocal.capture();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Runnable wrap(Runnable task) {
        return ScopedContext.capture().wrap(task);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Runnable wrapScopedValues(Runnable task) {
        return RawScopedValue.wrap(task);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Runnable wrapThreadLocals(Runnable task) {
        return RawThreadLocal.wrap(task);
    }
}
