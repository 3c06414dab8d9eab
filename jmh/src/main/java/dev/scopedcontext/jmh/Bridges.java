package dev.scopedcontext.jmh;

import dev.scopedcontext.Bindings;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.jmh.peer.VirtualThreads;
import dev.scopedcontext.micrometer.MicrometerCarrier;
import dev.scopedcontext.micrometer.ScopedContextAccessor;
import dev.scopedcontext.opentelemetry.OpenTelemetryCarrier;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.task.TaskScope;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.opentelemetry.context.Context;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;
import org.slf4j.MDC;

/**
 * Question 10: what do the bridges cost, compared with the means of each library?
 *
 * <p>A thousand tasks are wrapped, and retained as for another thread. They then run on the calling thread, in which
 * other state is current, so that each task must set and restore all of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Bridges.TIMES)
public class Bridges {
    static final int TIMES = 1_000;

    private static final ContextKey<String> PLAIN = ContextKey.named("plain");
    private static final ContextKey<String> MIRRORED = ContextKey.<String>builder("mirrored")
            .mirror(MdcMirror.to("requestId"))
            .build();
    private static final io.opentelemetry.context.ContextKey<String> SPAN = io.opentelemetry.context.ContextKey
            .named("span");

    private final Runnable[] wrapped = new Runnable[TIMES];
    private final ThreadLocal<String> state = new ThreadLocal<>();
    private final ContextRegistry registry = new ContextRegistry().registerThreadLocalAccessor("state", state);
    private final ContextSnapshotFactory factory = ContextSnapshotFactory.builder().contextRegistry(registry).build();
    private final ContextSnapshotFactory withOurs = ContextSnapshotFactory.builder()
            .contextRegistry(new ContextRegistry().registerThreadLocalAccessor(new ScopedContextAccessor())).build();
    private final Context captured = Context.root().with(SPAN, "captured");
    private final Context worker = Context.root().with(SPAN, "worker");
    private final Bindings carryingSpan = ScopedContext.carrying(OpenTelemetryCarrier.current());
    private final Bindings carryingState = ScopedContext.carrying(MicrometerCarrier.of(factory));
    private final Bindings plain = ScopedContext.where(PLAIN, "value");

    /** Sets entries of the MDC, like a service. */
    @Setup
    public void fill() {
        MDC.put("service", "orders");
        state.set("here");
    }

    /** Removes all entries. */
    @TearDown
    public void empty() {
        MDC.clear();
        state.remove();
    }

    @Benchmark
    @Twin("mdcPutCloseableAndBind")
    public void mdcMirror(Blackhole sink) {
        for (int i = 0; i < TIMES; i++) {
            ScopedContext.where(MIRRORED, "r1").run(() -> sink.consume(MDC.get("requestId")));
        }
    }

    @Benchmark
    public void mdcPutCloseable(Blackhole sink) {
        for (int i = 0; i < TIMES; i++) {
            try (MDC.MDCCloseable entry = MDC.putCloseable("requestId", "r1")) {
                sink.consume(MDC.get("requestId"));
            }
        }
    }

    /** The code without a mirror: binds the value, and puts the entry. */
    @Benchmark
    public void mdcPutCloseableAndBind(Blackhole sink) {
        for (int i = 0; i < TIMES; i++) {
            ScopedContext.where(PLAIN, "r1").run(() -> {
                try (MDC.MDCCloseable entry = MDC.putCloseable("requestId", "r1")) {
                    sink.consume(MDC.get("requestId"));
                }
            });
        }
    }

    @Benchmark
    @Twin("openTelemetryAndContextWrap")
    public void openTelemetryCarrier(Blackhole sink) {
        Runnable task = () -> sink.consume(Context.current());
        carryingSpan.run(() -> wrapInSpan(() -> ScopedContext.capture().wrap(task)));
        runInOtherSpan();
    }

    @Benchmark
    public void openTelemetryWrap(Blackhole sink) {
        Runnable task = () -> sink.consume(Context.current());
        wrapInSpan(() -> Context.current().wrap(task));
        runInOtherSpan();
    }

    /** The code without a carrier, if the context of this library is also handed over: wraps both. */
    @Benchmark
    public void openTelemetryAndContextWrap(Blackhole sink) {
        Runnable task = () -> sink.consume(Context.current());
        plain.run(() -> wrapInSpan(() -> Context.current().wrap(ScopedContext.capture().wrap(task))));
        runInOtherSpan();
    }

    @Benchmark
    @Twin("openTelemetryTaskWrapping")
    public Object openTelemetryCarrierFork() throws Exception {
        try (var current = captured.makeCurrent()) {
            return carryingSpan.<Object, Exception>call(() -> {
                try (var scope = TaskScope.<Object>open()) {
                    for (int i = 0; i < TIMES; i++) {
                        scope.fork(Context::current);
                    }
                    scope.join();
                    return scope;
                }
            });
        }
    }

    /** The means without a carrier: an executor, compared with a task scope. They differ in more than the carrier. */
    @Benchmark
    public Object openTelemetryTaskWrapping() throws Exception {
        try (var current = captured.makeCurrent()) {
            return VirtualThreads.forkAndJoin(TIMES, Context::taskWrapping, Context::current);
        }
    }

    @Benchmark
    @Twin("micrometerAndContextWrap")
    public void micrometerCarrier(Blackhole sink) {
        Runnable task = () -> sink.consume(state.get());
        carryingState.run(() -> wrapAll(() -> ScopedContext.capture().wrap(task)));
        runInOtherState();
    }

    @Benchmark
    public void micrometerWrap(Blackhole sink) {
        Runnable task = () -> sink.consume(state.get());
        wrapAll(() -> factory.captureAll().wrap(task));
        runInOtherState();
    }

    @Benchmark
    public void micrometerAndContextWrap(Blackhole sink) {
        Runnable task = () -> sink.consume(state.get());
        plain.run(() -> wrapAll(() -> factory.captureAll().wrap(ScopedContext.capture().wrap(task))));
        runInOtherState();
    }

    /** Micrometer carries only the context of this library; in {@link #micrometerWrap}, it carries a thread-local. */
    @Benchmark
    @Twin("micrometerWrap")
    public void micrometerWrapOfOurContext(Blackhole sink) {
        Runnable task = () -> sink.consume(PLAIN.get());
        plain.run(() -> wrapAll(() -> withOurs.captureAll().wrap(task)));
        ScopedContext.where(PLAIN, "other").run(this::runAll);
    }

    private void wrapInSpan(Supplier<Runnable> wrap) {
        try (var current = captured.makeCurrent()) {
            wrapAll(wrap);
        }
    }

    private void runInOtherSpan() {
        try (var current = worker.makeCurrent()) {
            runAll();
        }
    }

    private void runInOtherState() {
        state.set("there");
        try {
            runAll();
        } finally {
            state.set("here");
        }
    }

    private void wrapAll(Supplier<Runnable> wrap) {
        for (int i = 0; i < TIMES; i++) {
            wrapped[i] = wrap.get();
        }
    }

    private void runAll() {
        for (Runnable task : wrapped) {
            task.run();
        }
    }
}
