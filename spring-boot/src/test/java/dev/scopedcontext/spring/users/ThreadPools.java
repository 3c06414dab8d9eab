package dev.scopedcontext.spring.users;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.IntSupplier;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The pools of the server and of the application, below everything that hands the context over. A task that is handed
 * over would not see what its thread keeps.
 */
final class ThreadPools {

    private final List<Pool> pools = new ArrayList<>();

    ThreadPools(ServletWebServerApplicationContext context) {
        addServer(context.getWebServer());
        addExecutor(context.getBean("applicationTaskExecutor"));
        addExecutor(context.getBean("reports"));
        ThreadPoolExecutor delaying = (ThreadPoolExecutor) context.getBean(UserApplication.class).delaying();
        pools.add(new Pool("delays", delaying, delaying::getPoolSize));
    }

    /** A pool of platform threads. */
    static final class Pool {

        private final String name;
        private final Executor raw;
        private final IntSupplier size;

        Pool(String name, Executor raw, IntSupplier size) {
            this.name = name;
            this.raw = raw;
            this.size = size;
        }

        void runOnOne(Runnable task) throws InterruptedException {
            runOn(1, task);
        }

        /** Runs a task on all threads that are idle. */
        void runOnAll(Runnable task) throws InterruptedException {
            runOn(size.getAsInt(), task);
        }

        private void runOn(int threads, Runnable task) throws InterruptedException {
            CountDownLatch started = new CountDownLatch(threads);
            CountDownLatch ended = new CountDownLatch(threads);
            for (int i = 0; i < threads; i++) {
                raw.execute(() -> {
                    try {
                        task.run();
                        started.countDown();
                        started.await(200, MILLISECONDS); // so that each thread gets one task
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    } finally {
                        ended.countDown();
                    }
                });
            }
            if (!ended.await(30, SECONDS)) {
                throw new AssertionError(name + " runs no tasks");
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private void addServer(WebServer server) {
        if (server instanceof TomcatWebServer tomcat
                && tomcat.getTomcat().getConnector().getProtocolHandler()
                        .getExecutor() instanceof org.apache.tomcat.util.threads.ThreadPoolExecutor executor) {
            pools.add(new Pool("Tomcat", executor, executor::getPoolSize));
        }
        if (server instanceof JettyWebServer jetty) {
            ThreadPool threads = jetty.getServer().getThreadPool();
            if (threads instanceof QueuedThreadPool queued) {
                pools.add(new Pool("Jetty", task -> {
                    if (!queued.tryExecute(task)) { // on a reserved thread
                        queued.execute(task);
                    }
                }, () -> queued.getIdleThreads() + queued.getCurrentReservedThreads()));
            }
        }
    }

    /** Adds the queue of an executor as a pool, because its own method {@code execute} decorates tasks. */
    private void addExecutor(Object bean) {
        if (bean instanceof ThreadPoolTaskExecutor executor) {
            ThreadPoolExecutor pool = executor.getThreadPoolExecutor();
            pools.add(new Pool(executor.getThreadNamePrefix(), pool.getQueue()::add, pool::getPoolSize));
        }
    }

    /** Returns the pools. There is none for virtual threads, which end with their task. */
    List<Pool> all() {
        return List.copyOf(pools);
    }

    /** Runs a task on each thread of each pool. */
    void runOnAll(Runnable task) throws InterruptedException {
        for (Pool pool : pools) {
            pool.runOnAll(task);
        }
    }
}
