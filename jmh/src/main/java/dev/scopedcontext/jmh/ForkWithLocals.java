package dev.scopedcontext.jmh;

import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalVar;
import dev.scopedcontext.task.TaskScope;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Question 9, continued: does the cost of a fork depend on the number of locals that are set? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ForkWithLocals.SUBTASKS)
public class ForkWithLocals {
    static final int SUBTASKS = 1_000;

    private static final Local LOCAL = Local.named("web");
    private static final LocalVar<Integer> ANSWER = LOCAL.var("answer", Integer.class);
    private static final LocalManager MANAGER = LocalManager.of(LOCAL);

    @Param({"0", "32"})
    private int locals;

    @Benchmark
    @Twin("forkWithNoManager")
    public Object fork() throws Exception {
        return MANAGER.<Object, Exception>call(() -> {
            setLocals();
            try (var scope = TaskScope.<Integer>open()) {
                for (int i = 0; i < SUBTASKS; i++) {
                    scope.fork(() -> ANSWER.orElse(42));
                }
                scope.join();
                return scope;
            }
        });
    }

    /** The common part, to subtract it: no local is managed. */
    @Benchmark
    public Object forkWithNoManager() throws Exception {
        try (var scope = TaskScope.<Integer>open()) {
            for (int i = 0; i < SUBTASKS; i++) {
                scope.fork(() -> 42);
            }
            scope.join();
            return scope;
        }
    }

    private void setLocals() {
        for (int i = 0; i < locals; i++) {
            LOCAL.set("local " + i, i);
        }
    }
}
