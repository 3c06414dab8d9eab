package dev.scopedcontext.jmh.peer;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** The JDK's own {@code ScopedValue}, used directly: one for each key. */
class ScopedValuePeer extends Peer {
    @SuppressWarnings("unchecked")
    private static final ScopedValue<Object>[] ALL = Stream.generate(ScopedValue::newInstance).limit(KEYS)
            .toArray(ScopedValue[]::new);
    private static final ScopedValue<Object> A = ALL[0];
    private static final ScopedValue<Object> B = ALL[1];
    private static final ScopedValue<Object> C = ALL[2];
    private static final ScopedValue<Object> D = ALL[3];
    private static final ScopedValue<Object> E = ALL[4];
    private static final ScopedValue<Object> F = ALL[5];
    private static final ScopedValue<Object> G = ALL[6];
    private static final ScopedValue<Object> H = ALL[7];

    static Peer create() {
        return new ScopedValuePeer();
    }

    static Peer inExecutor() {
        return new InExecutor();
    }

    @Override
    public Object get() {
        return A.get();
    }

    @Override
    public Object get(int key) {
        return ALL[key].get();
    }

    @Override
    public Object absentOrElse(int key, Object other) {
        return ALL[key].orElse(other);
    }

    @Override
    public void run(int keys, Object value, Runnable body) {
        bind(keys, value).run(body);
    }

    @Override
    public Object call(int keys, Object value, Callable<Object> body) throws Exception {
        ScopedValue.CallableOp<Object, Exception> op = body::call;
        return bind(keys, value).call(op);
    }

    @Override
    public void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            ScopedValue.where(ALL[levels - 1], value).run(() -> nest(levels - 1, value, body));
        }
    }

    @Override
    public Object capture() {
        return new Captured(A.get(), B.get(), C.get(), D.get());
    }

    @Override
    public Runnable wrap(Runnable task) {
        Object a = A.get();
        Object b = B.get();
        Object c = C.get();
        Object d = D.get();
        return () -> ScopedValue.where(A, a).where(B, b).where(C, c).where(D, d).run(task);
    }

    @Override
    public Executor wrap(Executor executor) {
        return task -> executor.execute(wrap(task));
    }

    @Override
    public Object forkAndJoin(int subtasks, int keys, Callable<Object> subtask) throws Exception {
        return bind(keys, "value").call(() -> RawStructuredTaskScope.forkAndJoin(subtasks, subtask));
    }

    private static ScopedValue.Carrier bind(int keys, Object value) {
        return switch (keys) {
            case 1 -> ScopedValue.where(A, value);
            case 2 -> ScopedValue.where(A, value).where(B, value);
            case 4 -> four(value);
            case 8 -> four(value).where(E, value).where(F, value).where(G, value).where(H, value);
            default -> many(keys, value);
        };
    }

    private static ScopedValue.Carrier four(Object value) {
        return ScopedValue.where(A, value).where(B, value).where(C, value).where(D, value);
    }

    private static ScopedValue.Carrier many(int keys, Object value) {
        ScopedValue.Carrier all = ScopedValue.where(A, value);
        for (int i = 1; i < keys; i++) {
            all = all.where(ALL[i], value);
        }
        return all;
    }

    private record Captured(Object a, Object b, Object c, Object d) {
    }

    /** Subtasks that are not structured must bind the values themselves. */
    private static final class InExecutor extends ScopedValuePeer {
        @Override
        public Object forkAndJoin(int subtasks, int keys, Callable<Object> subtask) throws Exception {
            ScopedValue.Carrier again = bind(keys, "value");
            return VirtualThreads.forkAndJoin(subtasks, executor -> executor, () -> again.call(subtask::call));
        }
    }
}
