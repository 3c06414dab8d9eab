package dev.scopedcontext.jmh;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.local.Local;
import dev.scopedcontext.local.LocalManager;
import dev.scopedcontext.local.LocalStack;
import dev.scopedcontext.local.LocalVar;
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
 * Question 9: what does it cost to get and set a local, compared with a key and a {@code ThreadLocal}?
 *
 * <p>As in {@link ReadOneKey}, each operation is a method that is not inlined, and runs a thousand times in one scope.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Locals.TIMES)
public class Locals {
    static final int TIMES = 1_000;

    private static final ContextKey<Object> KEY = ContextKey.named("key");
    private static final ThreadLocal<Object> THREAD_LOCAL = new ThreadLocal<>();
    private static final Local LOCAL = Local.named("web");
    private static final LocalVar<String> VAR = LOCAL.var("user", String.class);
    private static final LocalVar<String> OTHER_VAR = LOCAL.var("tenant", String.class);
    private static final LocalStack<Object> STACK = LocalStack.named("stack");
    private static final LocalManager MANAGER = LocalManager.of(STACK, LOCAL);

    private final String value = "value";
    private final String other = "other";

    @Benchmark
    @Twin("getKey")
    public void getVar(Blackhole sink) {
        MANAGER.run(() -> {
            VAR.set(value);
            for (int i = 0; i < TIMES; i++) {
                sink.consume(var());
            }
        });
    }

    /** Each read is of another local than the last one. */
    @Benchmark
    @Twin("getKey")
    public void getVarsInTurn(Blackhole sink) {
        MANAGER.run(() -> {
            VAR.set(value);
            OTHER_VAR.set(other);
            for (int i = 0; i < TIMES; i += 2) {
                sink.consume(var());
                sink.consume(otherVar());
            }
        });
    }

    /** Outside of any scope, so that the thread holds the value. */
    @Benchmark
    @Twin("getThreadLocal")
    public void getVarOfThread(Blackhole sink) {
        VAR.set(value);
        for (int i = 0; i < TIMES; i++) {
            sink.consume(var());
        }
        VAR.remove();
    }

    @Benchmark
    @Twin("getKey")
    public void getByName(Blackhole sink) {
        MANAGER.run(() -> {
            VAR.set(value);
            for (int i = 0; i < TIMES; i++) {
                sink.consume(byName());
            }
        });
    }

    @Benchmark
    public void getKey(Blackhole sink) {
        ScopedContext.where(KEY, value).run(() -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(key());
            }
        });
    }

    @Benchmark
    public void getThreadLocal(Blackhole sink) {
        THREAD_LOCAL.set(value);
        for (int i = 0; i < TIMES; i++) {
            sink.consume(threadLocal());
        }
        THREAD_LOCAL.remove();
    }

    @Benchmark
    @Twin("setThreadLocal")
    public void setVar() {
        MANAGER.run(() -> {
            for (int i = 0; i < TIMES; i++) {
                setVar((i & 1) == 0 ? value : other);
            }
        });
    }

    @Benchmark
    @Twin("setThreadLocal")
    public void setByName() {
        MANAGER.run(() -> {
            for (int i = 0; i < TIMES; i++) {
                setByName((i & 1) == 0 ? value : other);
            }
        });
    }

    @Benchmark
    public void setThreadLocal() {
        for (int i = 0; i < TIMES; i++) {
            setThreadLocal((i & 1) == 0 ? value : other);
        }
        THREAD_LOCAL.remove();
    }

    @Benchmark
    public void pushAndPop(Blackhole sink) {
        MANAGER.run(() -> {
            STACK.push(value);
            for (int i = 0; i < TIMES; i++) {
                STACK.push(other);
                sink.consume(STACK.pop());
            }
        });
    }

    @Benchmark
    @OperationsPerInvocation(1)
    public Object runEmpty() {
        return MANAGER.call(() -> value);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object var() {
        return VAR.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object otherVar() {
        return OTHER_VAR.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object byName() {
        return LOCAL.get("user");
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object key() {
        return KEY.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object threadLocal() {
        return THREAD_LOCAL.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static void setVar(String value) {
        VAR.set(value);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static void setByName(String value) {
        LOCAL.set("user", value);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static void setThreadLocal(String value) {
        THREAD_LOCAL.set(value);
    }
}
