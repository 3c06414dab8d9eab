package dev.scopedcontext.jmh;

import static dev.scopedcontext.ScopedContext.where;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Question 3: what does it cost to bind some keys, run, and read one of them once? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BindAndRun {
    private static final ContextKey<Object> A = ContextKey.named("a");
    private static final ContextKey<Object> B = ContextKey.named("b");
    private static final ContextKey<Object> C = ContextKey.named("c");
    private static final ContextKey<Object> D = ContextKey.named("d");
    private static final ContextKey<Object> E = ContextKey.named("e");
    private static final ContextKey<Object> F = ContextKey.named("f");
    private static final ContextKey<Object> G = ContextKey.named("g");
    private static final ContextKey<Object> H = ContextKey.named("h");

    @Param({"1", "4", "8"})
    int keys;

    private final Object value = new Object();

    @Benchmark
    public void scopedContextRun(Blackhole sink) {
        switch (keys) {
            case 1 -> one().run(() -> sink.consume(A.get()));
            case 4 -> four().run(() -> sink.consume(A.get()));
            default -> eight().run(() -> sink.consume(A.get()));
        }
    }

    @Benchmark
    public Object scopedContextCall() {
        return switch (keys) {
            case 1 -> one().call(() -> A.get());
            case 4 -> four().call(() -> A.get());
            default -> eight().call(() -> A.get());
        };
    }

    @Benchmark
    public Object scopedContextAttach() {
        try (Attachment attachment = keys == 1 ? one().attach() : keys == 4 ? four().attach() : eight().attach()) {
            return A.get();
        }
    }

    @Benchmark
    public void rawScopedValueRun(Blackhole sink) {
        RawScopedValue.run(keys, value, () -> sink.consume(RawScopedValue.get()));
    }

    @Benchmark
    public Object rawScopedValueCall() throws Exception {
        return RawScopedValue.call(keys, value, RawScopedValue::get);
    }

    @Benchmark
    public void rawThreadLocalRun(Blackhole sink) {
        RawThreadLocal.run(keys, value, () -> sink.consume(RawThreadLocal.get()));
    }

    private Bindings one() {
        return where(A, value);
    }

    private Bindings four() {
        return where(A, value).where(B, value).where(C, value).where(D, value);
    }

    private Bindings eight() {
        return four().where(E, value).where(F, value).where(G, value).where(H, value);
    }
}
