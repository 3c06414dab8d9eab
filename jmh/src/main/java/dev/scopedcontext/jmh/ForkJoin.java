package dev.scopedcontext.jmh;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.TaskScope;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What does it cost to fork and join subtasks, each of which reads a key, and does it depend on the number of keys
 * that are bound?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ForkJoin {
    private static final ContextKey<Object> KEY = ContextKey.named("key");

    @Param({"1", "100", "10000"})
    private int subtasks;

    @Param({"1", "8", "32"})
    private int keys;

    private Bindings bindings = ScopedContext.where(KEY, "value");
    private RawStructuredTaskScope raw = new RawStructuredTaskScope(1);

    /** Prepares what to bind. */
    @Setup
    public void bind() {
        for (int i = 1; i < keys; i++) {
            bindings = bindings.where(ContextKey.named("key " + i), i);
        }
        raw = new RawStructuredTaskScope(keys);
    }

    @Benchmark
    public Object taskScope() throws Exception {
        return bindings.<Object, Exception>call(() -> {
            try (var scope = TaskScope.<Object>open()) {
                for (int i = 0; i < subtasks; i++) {
                    scope.fork(KEY::get);
                }
                scope.join();
                return scope;
            }
        });
    }

    @Benchmark
    public Object rawScopedValueInStructuredTaskScope() throws Exception {
        return raw.forkAndJoin(subtasks);
    }

    @Benchmark
    public Object rawScopedValueReboundByHandInExecutor() throws Exception {
        return raw.submitAndGet(subtasks);
    }
}
