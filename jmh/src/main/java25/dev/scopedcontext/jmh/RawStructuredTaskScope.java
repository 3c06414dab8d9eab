package dev.scopedcontext.jmh;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The JDK's own {@code StructuredTaskScope} and {@code ScopedValue}. By constant method handles, which the compiler
 * sees through, since to compile against a preview API would tie this to one JDK.
 */
final class RawStructuredTaskScope {
    private static final ScopedValue<Object> VALUE = ScopedValue.newInstance();
    private static final MethodHandle OPEN;
    private static final MethodHandle JOINER;
    private static final MethodHandle FORK;
    private static final MethodHandle JOIN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> scope = Class.forName("java.util.concurrent.StructuredTaskScope");
            Class<?> joiner = Class.forName("java.util.concurrent.StructuredTaskScope$Joiner");
            Class<?> subtask = Class.forName("java.util.concurrent.StructuredTaskScope$Subtask");
            OPEN = lookup.findStatic(scope, "open", methodType(scope, joiner))
                    .asType(methodType(AutoCloseable.class, Object.class));
            JOINER = lookup.findStatic(joiner, "awaitAllSuccessfulOrThrow", methodType(joiner))
                    .asType(methodType(Object.class));
            FORK = lookup.findVirtual(scope, "fork", methodType(subtask, Callable.class))
                    .asType(methodType(void.class, AutoCloseable.class, Callable.class));
            JOIN = lookup.findVirtual(scope, "join", methodType(Object.class))
                    .asType(methodType(void.class, AutoCloseable.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ScopedValue.Carrier bindings;

    RawStructuredTaskScope(int keys) {
        ScopedValue.Carrier all = ScopedValue.where(VALUE, "value");
        for (int i = 1; i < keys; i++) {
            all = all.where(ScopedValue.newInstance(), i);
        }
        bindings = all;
    }

    Object forkAndJoin(int subtasks) throws Exception {
        return bindings.<Object, Exception>call(() -> open(subtasks));
    }

    private static Object open(int subtasks) throws Exception {
        try (AutoCloseable scope = (AutoCloseable) OPEN.invokeExact((Object) JOINER.invokeExact())) {
            for (int i = 0; i < subtasks; i++) {
                FORK.invokeExact(scope, (Callable<?>) VALUE::get);
            }
            JOIN.invokeExact(scope);
            return scope;
        } catch (Exception | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    Object submitAndGet(int subtasks) throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> futures = new ArrayList<>(subtasks);
            for (int i = 0; i < subtasks; i++) {
                futures.add(executor.submit(() -> bindings.call(VALUE::get)));
            }
            for (Future<?> future : futures) {
                future.get();
            }
            return futures;
        }
    }
}
