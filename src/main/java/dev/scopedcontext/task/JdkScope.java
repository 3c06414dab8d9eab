package dev.scopedcontext.task;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A {@code StructuredTaskScope} of the JDK that forks empty tasks on threads of a given factory. Also the function that
 * configures it.
 *
 * <p>The JDK's scope is called through method handles: a class that is compiled against a preview API loads only on the
 * JDK for which it was compiled, and only with a flag. Only the part of the API that is common to JDK 25 and newer is
 * used. The joiner of the JDK's scope never cancels it.
 */
final class JdkScope implements UnaryOperator<Object> {

    /** The task that is forked. */
    private static final Callable<?> NOTHING = () -> null;

    /** Runs an operation with a {@code ScopedValue} bound. */
    private static final MethodHandle RUN_BOUND;

    /** Reads a {@code ScopedValue}. */
    private static final MethodHandle READ;

    private static final MethodHandle OPEN;
    private static final MethodHandle JOINER;
    private static final MethodHandle WITH_NAME;
    private static final MethodHandle WITH_THREAD_FACTORY;
    private static final MethodHandle FORK;
    private static final MethodHandle JOIN;
    private static final MethodHandle CLOSE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> scopedValue = Class.forName("java.lang.ScopedValue");
            Class<?> carrier = Class.forName("java.lang.ScopedValue$Carrier");
            Object value = call(lookup.findStatic(scopedValue, "newInstance", methodType(scopedValue)));
            Object binding = call(
                    lookup.findStatic(scopedValue, "where", methodType(carrier, scopedValue, Object.class))
                            .bindTo(value).bindTo("bound"));
            RUN_BOUND = lookup.findVirtual(carrier, "run", methodType(void.class, Runnable.class)).bindTo(binding);
            READ = lookup.findVirtual(scopedValue, "isBound", methodType(boolean.class)).bindTo(value);
            Class<?> scope = Class.forName("java.util.concurrent.StructuredTaskScope");
            Class<?> joiner = Class.forName("java.util.concurrent.StructuredTaskScope$Joiner");
            Class<?> config = Class.forName("java.util.concurrent.StructuredTaskScope$Configuration");
            Class<?> subtask = Class.forName("java.util.concurrent.StructuredTaskScope$Subtask");
            OPEN = findOpen(lookup, scope, joiner)
                    .asType(methodType(Object.class, Object.class, UnaryOperator.class));
            // Not allUntil, which keeps every subtask.
            JOINER = lookup.findStatic(joiner, "awaitAllSuccessfulOrThrow", methodType(joiner))
                    .asType(methodType(Object.class));
            WITH_NAME = lookup.findVirtual(config, "withName", methodType(config, String.class))
                    .asType(methodType(Object.class, Object.class, String.class));
            WITH_THREAD_FACTORY = lookup
                    .findVirtual(config, "withThreadFactory", methodType(config, ThreadFactory.class))
                    .asType(methodType(Object.class, Object.class, ThreadFactory.class));
            FORK = lookup.findVirtual(scope, "fork", methodType(subtask, Callable.class))
                    .asType(methodType(void.class, Object.class, Callable.class));
            JOIN = lookup.findVirtual(scope, "join", methodType(Object.class))
                    .asType(methodType(void.class, Object.class));
            CLOSE = lookup.findVirtual(scope, "close", methodType(void.class))
                    .asType(methodType(void.class, Object.class));
        } catch (ReflectiveOperationException missing) {
            throw new ExceptionInInitializerError(missing);
        }
    }

    /** The second parameter is a {@code Function} on JDK 25 and a {@code UnaryOperator} on later JDKs. */
    private static MethodHandle findOpen(MethodHandles.Lookup lookup, Class<?> scope, Class<?> joiner)
            throws ReflectiveOperationException {
        try {
            return lookup.findStatic(scope, "open", methodType(scope, joiner, UnaryOperator.class));
        } catch (NoSuchMethodException older) {
            MethodType type = methodType(scope, joiner, java.util.function.Function.class);
            return lookup.findStatic(scope, "open", type);
        }
    }

    private final @Nullable String name;
    private final ThreadFactory factory;
    private final Object scope;

    /**
     * Opens a scope after a binding. To the JDK, a thread that has never bound a {@code ScopedValue} differs from one
     * whose bindings have ended. Its first binding inside the scope would be mistaken for one that is still in effect.
     */
    @SuppressWarnings("this-escape")
    JdkScope(@Nullable String name, ThreadFactory factory) {
        this.name = name;
        this.factory = factory;
        try {
            RUN_BOUND.invokeExact((Runnable) JdkScope::doNothing);
            this.scope = (Object) OPEN.invokeExact((Object) JOINER.invokeExact(), (UnaryOperator<?>) this);
        } catch (Throwable failure) {
            throw sneak(failure);
        }
    }

    @Override
    public Object apply(Object configuration) {
        try {
            Object named = name == null
                    ? configuration
                    : (Object) WITH_NAME.invokeExact(configuration, name);
            return (Object) WITH_THREAD_FACTORY.invokeExact(named, factory);
        } catch (Throwable failure) {
            throw sneak(failure);
        }
    }

    static void doNothing() {
    }

    private static Object call(MethodHandle handle) {
        try {
            return handle.invoke();
        } catch (Throwable failure) {
            throw sneak(failure);
        }
    }

    /**
     * Starts a thread of the factory. Does nothing if the JDK itself has closed this scope. Reads a {@code ScopedValue}
     * first: after a stack overflow, the JDK loses track of the thread's bindings until the next read, and would
     * mistake them for different ones.
     */
    void fork() {
        try {
            boolean unused = (boolean) READ.invokeExact();
            FORK.invokeExact(scope, NOTHING);
        } catch (Throwable failure) {
            throw sneak(explained(failure));
        }
    }

    /**
     * Adds a thread of the factory to this scope without starting it: the JDK refuses to start it under another
     * binding.
     */
    void addUnstarted() {
        try {
            RUN_BOUND.invokeExact((Runnable) this::fork);
        } catch (StructureViolationException refused) {
            return;
        } catch (Throwable failure) {
            throw sneak(failure);
        }
    }

    /** Waits until all threads have ended, if anything was forked. An interrupt does not end the wait. */
    void joinAndClose() {
        boolean interrupted = false;
        try {
            JOIN.invokeExact(scope);
        } catch (InterruptedException e) {
            interrupted = true; // close() continues the wait
        } catch (Throwable failure) {
            throw sneak(explained(failure));
        } finally {
            try {
                close();
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Closes this scope if nothing was forked. */
    void close() {
        try {
            CLOSE.invokeExact(scope);
        } catch (Throwable failure) {
            throw sneak(explained(failure));
        }
    }

    private static Throwable explained(Throwable failure) {
        if (!failure.getClass().getName().equals("java.util.concurrent.StructureViolationException")) {
            return failure;
        }
        return new StructureViolationException("A ScopedValue was bound since the task scope was opened, or is no"
                + " longer bound: fork and close under the bindings it was opened under", failure);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException sneak(Throwable failure) throws X {
        throw (X) failure;
    }
}
