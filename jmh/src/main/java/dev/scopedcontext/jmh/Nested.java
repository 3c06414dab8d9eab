package dev.scopedcontext.jmh;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Question 4: what does it cost to bind eight keys one inside the other, and read one of them at the bottom? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Nested {
    private static final int LEVELS = 8;

    @SuppressWarnings("unchecked")
    private static final ContextKey<Object>[] KEYS = Stream.generate(() -> ContextKey.named("key")).limit(LEVELS)
            .toArray(ContextKey[]::new);

    private final Object value = new Object();

    @Benchmark
    public void scopedContext(Blackhole sink) {
        nest(LEVELS, value, () -> sink.consume(KEYS[0].get()));
    }

    @Benchmark
    public void rawScopedValue(Blackhole sink) {
        RawScopedValue.nest(LEVELS, value, () -> sink.consume(RawScopedValue.get(0)));
    }

    @Benchmark
    public void rawThreadLocal(Blackhole sink) {
        RawThreadLocal.nest(LEVELS, value, () -> sink.consume(RawThreadLocal.get(0)));
    }

    private static void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            ScopedContext.where(KEYS[levels - 1], value).run(() -> nest(levels - 1, value, body));
        }
    }
}
