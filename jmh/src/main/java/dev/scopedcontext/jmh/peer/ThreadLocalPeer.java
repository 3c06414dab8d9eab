package dev.scopedcontext.jmh.peer;

import dev.scopedcontext.jmh.peer.ThreadLocals.Values;

import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** The JDK's {@code ThreadLocal}, used directly: one for each key. */
final class ThreadLocalPeer extends SetAndRemoved {
    @SuppressWarnings("unchecked")
    private static final ThreadLocal<Object>[] ALL = Stream.generate(ThreadLocal::new).limit(KEYS)
            .toArray(ThreadLocal[]::new);
    private static final ThreadLocal<Object> A = ALL[0];
    private static final ThreadLocal<Object> B = ALL[1];
    private static final ThreadLocal<Object> C = ALL[2];
    private static final ThreadLocal<Object> D = ALL[3];
    private static final ThreadLocal<Object> E = ALL[4];
    private static final ThreadLocal<Object> F = ALL[5];
    private static final ThreadLocal<Object> G = ALL[6];
    private static final ThreadLocal<Object> H = ALL[7];
    private static final ThreadLocal<Object> WITH_DEFAULT = ThreadLocal.withInitial(() -> DEFAULT);

    static Peer create() {
        return new ThreadLocalPeer();
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
    public Object getDefault() {
        return WITH_DEFAULT.get();
    }

    @Override
    public Object absentOrElse(int key, Object other) {
        Object value = ALL[key].get();
        return value != null ? value : other;
    }

    @Override
    public void run(int keys, Object value, Runnable body) {
        switch (keys) {
            case 1 -> ThreadLocals.run(A, value, body);
            case 2 -> ThreadLocals.run(A, B, value, body);
            case 4 -> ThreadLocals.run(A, B, C, D, Values.all(value), body);
            case 8 -> ThreadLocals.run(A, B, C, D, Values.all(value),
                    () -> ThreadLocals.run(E, F, G, H, Values.all(value), body));
            default -> ThreadLocals.run(ALL, keys, value, body);
        }
    }

    @Override
    public void nest(int levels, Object value, Runnable body) {
        ThreadLocals.nest(ALL, levels, value, body);
    }

    @Override
    public Object capture() {
        return new Values(A.get(), B.get(), C.get(), D.get());
    }

    @Override
    public Runnable wrap(Runnable task) {
        Values captured = new Values(A.get(), B.get(), C.get(), D.get());
        return () -> ThreadLocals.run(A, B, C, D, captured, task);
    }

    @Override
    public Executor wrap(Executor executor) {
        return task -> executor.execute(wrap(task));
    }
}
