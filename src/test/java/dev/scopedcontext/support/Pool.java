package dev.scopedcontext.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The kinds of executor services in the running JDK. */
public record Pool(String name, Supplier<ExecutorService> maker) {

    /** Returns all kinds. */
    public static List<Pool> kinds() {
        List<Pool> kinds = new ArrayList<>();
        kinds.add(new Pool("fixed", () -> Executors.newFixedThreadPool(2)));
        kinds.add(new Pool("cached", Executors::newCachedThreadPool));
        kinds.add(new Pool("single", Executors::newSingleThreadExecutor));
        kinds.add(new Pool("scheduled", () -> Executors.newScheduledThreadPool(2)));
        kinds.add(new Pool("fork-join", () -> new ForkJoinPool(2)));
        if (Runtime.version().feature() >= 21) {
            for (ThreadFactory threads : OnThread.kinds()) {
                kinds.add(new Pool("thread per task of " + threads, () -> threadPerTask(threads)));
            }
        }
        return kinds;
    }

    /** Returns a new executor service. */
    public ExecutorService make() {
        return maker.get();
    }

    /** Does the same as {@code close()} on JDK 19 and newer. */
    public static void close(ExecutorService executor) {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new AssertionError(executor + " does not end");
            }
        } catch (InterruptedException interruption) {
            throw new AssertionError(interruption);
        }
    }

    private static ExecutorService threadPerTask(ThreadFactory threads) {
        try {
            return (ExecutorService) Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, threads);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError("JDK " + Runtime.version() + " should have these", failure);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
