package dev.scopedcontext.jmh.peer;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

/** Forks each subtask in a new thread without structured concurrency, through an executor. */
public final class VirtualThreads {
    /** A constant, so that opening an executor needs no reflection; null before JDK 21. */
    private static final MethodHandle OPEN = find();

    private VirtualThreads() {
    }

    /** Forks subtasks through the peer's wrapper of an executor, and waits for all of them. */
    public static Object forkAndJoin(int subtasks, UnaryOperator<Executor> propagating, Callable<Object> subtask)
            throws Exception {
        Executor threads = open();
        try {
            Executor executor = propagating.apply(threads);
            List<FutureTask<Object>> futures = new ArrayList<>(subtasks);
            for (int i = 0; i < subtasks; i++) {
                FutureTask<Object> future = new FutureTask<>(subtask);
                futures.add(future);
                executor.execute(future);
            }
            for (FutureTask<Object> future : futures) {
                future.get();
            }
            return futures;
        } finally {
            if (threads instanceof ExecutorService service) {
                service.shutdown();
            }
        }
    }

    /** Returns an executor with a virtual thread for each task, or a platform thread before JDK 21. */
    private static Executor open() {
        if (OPEN == null) {
            return task -> new Thread(task).start();
        }
        try {
            return (ExecutorService) OPEN.invokeExact();
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private static MethodHandle find() {
        try {
            return MethodHandles.publicLookup().findStatic(Executors.class, "newVirtualThreadPerTaskExecutor",
                    MethodType.methodType(ExecutorService.class));
        } catch (NoSuchMethodException e) {
            return null;
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
