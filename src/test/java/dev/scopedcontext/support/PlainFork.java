package dev.scopedcontext.support;

import dev.scopedcontext.BackendReport;
import dev.scopedcontext.ScopedContext;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Forks with the JDK's own {@code StructuredTaskScope}. Since that is a preview API, it is called by reflection. Before
 * JDK 25 it has another shape, and a plain thread is used, which does not inherit bindings either.
 */
public final class PlainFork {

    public static final boolean INHERITS = ScopedContext.backend().kind() == BackendReport.Kind.SCOPED_VALUE;

    private PlainFork() {
    }

    /** Forks a task and joins it. */
    public static <T> T forked(Callable<T> task) {
        return forked(task, () -> null);
    }

    /** Forks a task, continues, and joins it. */
    public static <T> T forked(Callable<T> task, Callable<?> meanwhile) {
        try {
            return Runtime.version().feature() >= 25
                    ? forkedByTheJdk(task, meanwhile)
                    : onPlainThread(task, meanwhile);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static <T> T onPlainThread(Callable<T> task, Callable<?> meanwhile) throws Exception {
        FutureTask<T> result = new FutureTask<>(task);
        new Thread(result).start();
        meanwhile.call();
        return result.get();
    }

    @SuppressWarnings("unchecked")
    private static <T> T forkedByTheJdk(Callable<T> task, Callable<?> meanwhile) throws Exception {
        Class<?> type = Class.forName("java.util.concurrent.StructuredTaskScope");
        Class<?> subtaskType = Class.forName("java.util.concurrent.StructuredTaskScope$Subtask");
        Method get = subtaskType.getMethod("get");
        try (AutoCloseable scope = (AutoCloseable) type.getMethod("open").invoke(null)) {
            Object subtask = type.getMethod("fork", Callable.class).invoke(scope, task);
            meanwhile.call();
            type.getMethod("join").invoke(scope);
            return (T) get.invoke(subtask);
        }
    }
}
