package dev.scopedcontext.jmh.request;

import dev.scopedcontext.jmh.peer.VirtualThreads;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.slf4j.MDC;

/** A service that sets the entry of the MDC manually on each thread, and closes its sessions manually. */
abstract class ByHand extends Service {
    private final ExecutorService pool;

    ByHand(ExecutorService pool) {
        this.pool = pool;
    }

    @Override
    final int enter(Values values, Callable<Integer> body) throws Exception {
        try (Session app = values.app();
                Session request = values.request();
                var entry = MDC.putCloseable("requestId", values.id())) {
            return bind(values, body);
        }
    }

    abstract int bind(Values values, Callable<Integer> body) throws Exception;

    @Override
    final Connection connection(Values passed) {
        return ((Session) value(7, passed)).connection();
    }

    /** Returns an executor that hands over the values that are bound when a task is submitted. */
    abstract Executor wrap(Executor executor, Values passed);

    @Override
    final void execute(Runnable task, Values passed) {
        wrap(pool, passed).execute(() -> {
            try (var entry = entry(passed)) {
                task.run();
            }
        });
    }

    @Override
    void fork(int subtasks, Callable<Object> subtask, Values passed) throws Exception {
        VirtualThreads.forkAndJoin(subtasks, threads -> wrap(threads, passed), withEntry(subtask, passed));
    }

    final Callable<Object> withEntry(Callable<Object> subtask, Values passed) {
        return () -> {
            try (var entry = entry(passed)) {
                return subtask.call();
            }
        };
    }

    /** Returns all values that are bound, for a task. */
    final Values captured(Values passed) {
        return new Values((String) value(0, passed), value(1, passed), value(2, passed), value(3, passed),
                value(4, passed), value(5, passed), (Session) value(6, passed), (Session) value(7, passed));
    }

    private MDC.MDCCloseable entry(Values passed) {
        return MDC.putCloseable("requestId", (String) value(0, passed));
    }
}
