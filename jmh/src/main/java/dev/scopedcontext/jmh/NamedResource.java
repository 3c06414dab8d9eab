package dev.scopedcontext.jmh;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
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
 * Question 9: what does it cost to use an open resource, compared with reading a key of the same session? What does it
 * cost to enter a session, and to open a resource in it?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NamedResource {
    static final int TIMES = 1_000;

    private static final NamedContext CONTEXT = NamedContext.named("context");
    private static final ContextKey<Object> KEY = CONTEXT.key("key", Object.class);
    private static final ResourceKey<Object> RESOURCE = CONTEXT.resource("resource", Object.class, Object::new, o -> {
    });

    private static final NamedContext WITH_TASKS = NamedContext.named("with tasks");
    private static final ResourceKey<Object> PER_TASK = WITH_TASKS
            .resource("per task", Object.class, Object::new, o -> {
            }).perTask();

    private final Object value = new Object();

    @Benchmark
    @OperationsPerInvocation(TIMES)
    public void readKey(Blackhole sink) {
        CONTEXT.session().where(KEY, value).run(() -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(key());
            }
        });
    }

    @Benchmark
    @Twin("readKey")
    @OperationsPerInvocation(TIMES)
    public void useResource(Blackhole sink) {
        CONTEXT.session().where(KEY, value).run(() -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(resource());
            }
        });
    }

    @Benchmark
    @Twin("readKey")
    @OperationsPerInvocation(TIMES)
    public void useResourcePerTask(Blackhole sink) {
        WITH_TASKS.session().run(() -> {
            for (int i = 0; i < TIMES; i++) {
                sink.consume(perTask());
            }
        });
    }

    @Benchmark
    public void enterSession(Blackhole sink) {
        CONTEXT.session().where(KEY, value).run(() -> sink.consume(value));
    }

    @Benchmark
    public void openAndClose(Blackhole sink) {
        CONTEXT.session().where(KEY, value).run(() -> sink.consume(RESOURCE.get()));
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object key() {
        return KEY.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object resource() {
        return RESOURCE.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object perTask() {
        return PER_TASK.get();
    }
}
