package dev.scopedcontext.jmh.peer;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.Callable;

/**
 * The JDK's own {@code StructuredTaskScope}, called through constant method handles, which the compiler optimizes.
 * Compiling against a preview API would restrict the benchmarks to one JDK.
 */
public final class RawStructuredTaskScope {
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

    /** Forks a number of subtasks, and waits for all of them. */
    public static Object forkAndJoin(int subtasks, Callable<?> subtask) throws Exception {
        try (AutoCloseable scope = (AutoCloseable) OPEN.invokeExact((Object) JOINER.invokeExact())) {
            for (int i = 0; i < subtasks; i++) {
                FORK.invokeExact(scope, subtask);
            }
            JOIN.invokeExact(scope);
            return scope;
        } catch (Exception | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }
}
