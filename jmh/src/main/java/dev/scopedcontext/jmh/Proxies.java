package dev.scopedcontext.jmh;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.jmh.peer.Peer;
import dev.scopedcontext.proxy.ContextProxies;
import dev.scopedcontext.proxy.Reflective;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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
 * Question 8: what does it cost to call a bound value through a proxy, instead of reading it from its key?
 *
 * <p>Each call is in a method of its own that is not inlined, as in {@link ReadOneKey}. The binding around a thousand
 * calls takes a negligible part of the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Proxies.CALLS)
public class Proxies {
    static final int CALLS = 1_000;

    /** The type of the bound value. */
    public interface Service {

        /** Returns something. */
        Object serve(Object request);
    }

    private static final class Echo implements Service {
        @Override
        public Object serve(Object request) {
            return request;
        }
    }

    private static final Peer SCOPED_VALUE = Peer.named(Peer.SCOPED_VALUE);
    private static final ContextKey<Service> KEY = ContextKey.named("service");
    private static final Service GENERATED = ContextProxies.of(Service.class, KEY);
    private static final Service REFLECTIVE = Reflective.of(Service.class, KEY);
    private static final Service BY_HAND = (Service) Proxy.newProxyInstance(Service.class.getClassLoader(),
            new Class<?>[]{Service.class}, (proxy, method, arguments) -> {
                try {
                    return method.invoke(KEY.get(), arguments);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getTargetException();
                }
            });
    private static final Service BY_HAND_OF_SCOPED_VALUE = (Service) Proxy.newProxyInstance(
            Service.class.getClassLoader(), new Class<?>[]{Service.class}, (proxy, method, arguments) -> {
                try {
                    return method.invoke(SCOPED_VALUE.get(), arguments);
                } catch (InvocationTargetException thrown) {
                    throw thrown.getTargetException();
                }
            });

    private final Service service = new Echo();
    private final Object request = new Object();

    @Benchmark
    public void scopedContextDirect(Blackhole sink) {
        ScopedContext.where(KEY, service).run(() -> {
            for (int i = 0; i < CALLS; i++) {
                sink.consume(direct(request));
            }
        });
    }

    @Benchmark
    @Twin("scopedContextDirect")
    public void scopedContextGenerated(Blackhole sink) {
        ScopedContext.where(KEY, service).run(() -> {
            for (int i = 0; i < CALLS; i++) {
                sink.consume(generated(request));
            }
        });
    }

    @Benchmark
    @Twin("scopedContextDirect")
    public void scopedContextReflective(Blackhole sink) {
        ScopedContext.where(KEY, service).run(() -> {
            for (int i = 0; i < CALLS; i++) {
                sink.consume(reflective(request));
            }
        });
    }

    /** The minimum work of a dynamic proxy. */
    @Benchmark
    @Twin("scopedContextDirect")
    public void byHand(Blackhole sink) {
        ScopedContext.where(KEY, service).run(() -> {
            for (int i = 0; i < CALLS; i++) {
                sink.consume(byHand(request));
            }
        });
    }

    @Benchmark
    public void rawScopedValueDirect(Blackhole sink) {
        SCOPED_VALUE.run(1, service, () -> {
            for (int i = 0; i < CALLS; i++) {
                sink.consume(scopedValueDirect(request));
            }
        });
    }

    @Benchmark
    @Twin("rawScopedValueDirect")
    public void rawScopedValueByHand(Blackhole sink) {
        SCOPED_VALUE.run(1, service, () -> {
            for (int i = 0; i < CALLS; i++) {
                sink.consume(scopedValueByHand(request));
            }
        });
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object direct(Object request) {
        return KEY.get().serve(request);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object generated(Object request) {
        return GENERATED.serve(request);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object reflective(Object request) {
        return REFLECTIVE.serve(request);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object byHand(Object request) {
        return BY_HAND.serve(request);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object scopedValueDirect(Object request) {
        return ((Service) SCOPED_VALUE.get()).serve(request);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static Object scopedValueByHand(Object request) {
        return BY_HAND_OF_SCOPED_VALUE.serve(request);
    }
}
