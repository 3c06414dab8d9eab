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

/** How one forks subtasks in a new thread each where there is no structured concurrency: by an executor. */
public final class VirtualThreads {
    /** Constant, so that to open one costs no reflection; null before JDK 21. */
    private static final MethodHandle OPEN = find();

    private VirtualThreads() {
    }

    /** Forks them through the executor that a peer makes of ours, and waits for all. */
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

    /** A virtual thread for each task; before JDK 21, where there are none, a platform thread. */
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
