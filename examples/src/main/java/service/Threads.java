package service;

import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.ScopedContext;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.slf4j.MDC;

/** The threads of a service. They check before and after each task that nothing is left on the thread. */
public final class Threads implements AutoCloseable {

    private final BooleanSupplier clean;
    private final LongAdder leaks = new LongAdder();
    private final ExecutorService requests = virtualThreadsOrElse(32);
    private final ExecutorService workers = watchedPool(8);

    /**
     * Creates threads.
     *
     * @param clean returns whether the calling thread has no values in the locals of the service
     */
    public Threads(BooleanSupplier clean) {
        this.clean = clean;
    }

    /** Returns the executor for requests, on virtual threads if the JDK has them. */
    public Executor forRequests() {
        return task -> requests.execute(watched(task));
    }

    /** Returns a pool whose tasks run in the context of the code that submits them. */
    public ExecutorService forWork() {
        return ContextExecutors.propagating(workers);
    }

    /** Returns how often a thread was left with a binding, a local, an entry of the MDC, or a span. */
    public long leaks() {
        return leaks.sum();
    }

    /** Waits for running tasks, for a limited time, and ends the threads. */
    @Override
    public void close() throws InterruptedException {
        requests.shutdown();
        requests.awaitTermination(5, TimeUnit.SECONDS);
        workers.shutdown();
        workers.awaitTermination(5, TimeUnit.SECONDS);
    }

    /** Calls by reflection a method that code compiled for JDK 17 cannot call directly. */
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
        Map<String, String> logged = MDC.getCopyOfContextMap();
        boolean unlogged = logged == null || logged.isEmpty();
        boolean untraced = Context.current() == Context.root();
        if (!(ScopedContext.capture().keys().isEmpty() && clean.getAsBoolean() && unlogged && untraced)) {
            leaks.increment();
        }
    }
}
