package dev.scopedcontext.jmh.request;

import dev.scopedcontext.jmh.peer.Peer;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.CompilerControl;
import org.slf4j.MDC;

/**
 * Serves a request. Six values and two sessions are bound, and one of the values is an entry of the MDC. Ten levels of
 * code read 200 times. The innermost level forks three subtasks and passes two tasks to an executor. Each of the five
 * reads all values and the entry of the MDC, and uses a resource that its first use opens.
 *
 * <p>All values are also passed as parameters, so that all peers run the same program. Only {@link PassedService} reads
 * them.
 */
public abstract class Service {
    private static final int LEVELS = 10;
    private static final int READS = 20;
    private static final int SUBTASKS = 3;
    private static final int TASKS = 2;

    /** Returns the service of a peer. */
    public static Service with(String peer, ExecutorService pool) {
        return switch (peer) {
            case Peer.NOTHING -> new PassedService(pool);
            case Peer.SCOPED_CONTEXT -> new ScopedContextService(pool);
            case Peer.SCOPED_VALUE -> new ScopedValueService(pool);
            case Peer.THREAD_LOCAL -> new ThreadLocalService(pool);
            case Peer.GRPC -> new GrpcService(pool);
            case Peer.OPEN_TELEMETRY -> new OpenTelemetryService(pool);
            default -> throw new IllegalArgumentException("No service is written with " + peer);
        };
    }

    /** Serves one request, and returns the sum of all values that it reads. */
    public final int serve(String id) throws Exception {
        Values values = Values.of(id);
        return enter(values, () -> level(LEVELS, values));
    }

    /** Binds the values, sets the entry of the MDC, and closes the sessions at the end. */
    abstract int enter(Values values, Callable<Integer> body) throws Exception;

    /** Reads a value by the number of its key. */
    abstract Object value(int key, Values passed);

    abstract Connection connection(Values passed);

    /** Forks a number of subtasks, and waits for all of them. */
    abstract void fork(int subtasks, Callable<Object> subtask, Values passed) throws Exception;

    /** Passes a task to the executor. */
    abstract void execute(Runnable task, Values passed);

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private int level(int levels, Values passed) throws Exception {
        int sum = 0;
        for (int i = 0; i < READS; i++) {
            sum += System.identityHashCode(value(i % Values.READ, passed));
        }
        return sum + (levels > 1 ? level(levels - 1, passed) : work(passed));
    }

    private int work(Values passed) throws Exception {
        AtomicInteger sum = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(TASKS);
        for (int i = 0; i < TASKS; i++) {
            execute(() -> {
                sum.addAndGet(part(passed));
                done.countDown();
            }, passed);
        }
        fork(SUBTASKS, () -> sum.addAndGet(part(passed)), passed);
        done.await();
        return sum.get();
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private int part(Values passed) {
        int sum = 0;
        for (int i = 0; i < Values.READ; i++) {
            sum += System.identityHashCode(value(i, passed));
        }
        return sum + MDC.get("requestId").length() + connection(passed).ask(value(1, passed));
    }
}
