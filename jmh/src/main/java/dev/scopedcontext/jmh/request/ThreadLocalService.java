package dev.scopedcontext.jmh.request;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** Uses one {@code ThreadLocal} for each value, which is set and removed on each thread. */
final class ThreadLocalService extends ByHand {
    private static final ThreadLocal<Object> A = new ThreadLocal<>();
    private static final ThreadLocal<Object> B = new ThreadLocal<>();
    private static final ThreadLocal<Object> C = new ThreadLocal<>();
    private static final ThreadLocal<Object> D = new ThreadLocal<>();
    private static final ThreadLocal<Object> E = new ThreadLocal<>();
    private static final ThreadLocal<Object> F = new ThreadLocal<>();
    private static final ThreadLocal<Object> APP = new ThreadLocal<>();
    private static final ThreadLocal<Object> REQUEST = new ThreadLocal<>();

    ThreadLocalService(ExecutorService pool) {
        super(pool);
    }

    @Override
    int bind(Values values, Callable<Integer> body) throws Exception {
        set(values);
        try {
            return body.call();
        } finally {
            remove();
        }
    }

    @Override
    Object value(int key, Values passed) {
        return switch (key) {
            case 0 -> A.get();
            case 1 -> B.get();
            case 2 -> C.get();
            case 3 -> D.get();
            case 4 -> E.get();
            case 5 -> F.get();
            case 6 -> APP.get();
            default -> REQUEST.get();
        };
    }

    @Override
    Executor wrap(Executor executor, Values passed) {
        Values captured = captured(passed);
        return task -> executor.execute(() -> {
            set(captured);
            try {
                task.run();
            } finally {
                remove();
            }
        });
    }

    private static void set(Values values) {
        A.set(values.id());
        B.set(values.user());
        C.set(values.tenant());
        D.set(values.locale());
        E.set(values.deadline());
        F.set(values.trace());
        APP.set(values.app());
        REQUEST.set(values.request());
    }

    private static void remove() {
        A.remove();
        B.remove();
        C.remove();
        D.remove();
        E.remove();
        F.remove();
        APP.remove();
        REQUEST.remove();
    }
}
