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

/** The threads of a service. Before each task and after it they look for what is left there by mistake. */
public final class Threads implements AutoCloseable {

    private final BooleanSupplier clean;
    private final LongAdder leaks = new LongAdder();
    private final ExecutorService requests = virtualThreadsOrElse(32);
    private final ExecutorService workers = watchedPool(8);

    /**
     * Creates threads.
     *
     * @param clean tells whether the calling thread has nothing left of what the service keeps in locals
     */
    public Threads(BooleanSupplier clean) {
        this.clean = clean;
    }

    /** Returns what answers requests: virtual threads where the JDK has them. */
    public Executor forRequests() {
        return task -> requests.execute(watched(task));
    }

    /** Returns a pool whose tasks run in the context of the code that submits them. */
    public ExecutorService forWork() {
        return ContextExecutors.propagating(workers);
    }

    /** Returns how often something was left in a thread: of ours, in log lines, or of a trace. */
    public long leaks() {
        return leaks.sum();
    }

    /** Waits for what is still running, unless that is longer than anything may, and ends the threads. */
    @Override
    public void close() throws InterruptedException {
        requests.shutdown();
        requests.awaitTermination(5, TimeUnit.SECONDS);
        workers.shutdown();
        workers.awaitTermination(5, TimeUnit.SECONDS);
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
        Map<String, String> logged = MDC.getCopyOfContextMap();
        boolean unlogged = logged == null || logged.isEmpty();
        boolean untraced = Context.current() == Context.root();
        if (!(ScopedContext.capture().keys().isEmpty() && clean.getAsBoolean() && unlogged && untraced)) {
            leaks.increment();
        }
    }
}
