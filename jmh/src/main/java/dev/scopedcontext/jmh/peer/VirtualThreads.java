package dev.scopedcontext.jmh.peer;

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
    private VirtualThreads() {
    }

    /** Forks them through the executor that a peer makes of ours, and waits for all. */
    public static Object forkAndJoin(int subtasks, UnaryOperator<Executor> propagating, Callable<Object> subtask)
            throws Exception {
        ExecutorService threads = open();
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
            threads.shutdown();
        }
    }

    /** A virtual thread for each task; before JDK 21, where there are none, a platform thread. */
    private static ExecutorService open() throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            return Executors.newCachedThreadPool();
        }
        return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
