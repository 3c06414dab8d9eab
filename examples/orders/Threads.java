package orders;

import static orders.Current.G;
import static orders.Current.TRAIL;

import dev.scopedcontext.ContextExecutors;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The threads of the service. Before each task and after it they look for a context that is there by mistake. */
final class Threads implements AutoCloseable {

    private final LongAdder leaks = new LongAdder();
    private final ExecutorService requests = virtualThreadsOrElse(32);
    private final ExecutorService workers = watchedPool(8);

    /** Returns what answers requests: virtual threads where the JDK has them. */
    Executor forRequests() {
        return task -> requests.execute(watched(task));
    }

    /** Returns a pool whose tasks run in the context of the code that submits them. */
    ExecutorService forWork() {
        return ContextExecutors.propagating(workers);
    }

    long leaks() {
        return leaks.sum();
    }

    /** Waits for what is still running, and ends the threads. */
    @Override
    public void close() throws InterruptedException {
        requests.shutdown();
        requests.awaitTermination(10, TimeUnit.SECONDS);
        workers.shutdown();
        workers.awaitTermination(10, TimeUnit.SECONDS);
    }

    /** Reaches by reflection what code compiled for JDK 17 cannot name. */
    private static ExecutorService virtualThreadsOrElse(int poolSize) {
        try {
            return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException olderJdk) {
            return Executors.newFixedThreadPool(poolSize);
        }
    }

    private ExecutorService watchedPool(int size) {
        return new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
            @Override
            public void execute(Runnable task) {
                super.execute(watched(task));
            }
        };
    }

    private Runnable watched(Runnable task) {
        return () -> {
            look();
            try {
                task.run();
            } finally {
                look();
            }
        };
    }

    private void look() {
        if (!ScopedContext.capture().keys().isEmpty() || !G.names().isEmpty() || TRAIL.size() > 0) {
            leaks.increment();
        }
    }
}
