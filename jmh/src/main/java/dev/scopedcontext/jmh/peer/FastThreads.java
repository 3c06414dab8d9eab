package dev.scopedcontext.jmh.peer;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * All threads that benchmarks run on: {@code Thread}s with one more field, which Netty's {@code FastThreadLocal} needs
 * to be fast.
 */
public final class FastThreads extends ThreadPoolExecutor {

    /** Called by JMH. */
    public FastThreads(int threads, String name) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new FastThreadLocalThread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
