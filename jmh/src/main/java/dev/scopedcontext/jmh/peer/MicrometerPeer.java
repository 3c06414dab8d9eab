package dev.scopedcontext.jmh.peer;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.concurrent.Executor;

/** Micrometer's context propagation, which has no values of its own: it hands over four thread-locals. */
final class MicrometerPeer extends Peer {
    private static final ThreadLocal<Object> A = new ThreadLocal<>();
    private static final ThreadLocal<Object> B = new ThreadLocal<>();
    private static final ThreadLocal<Object> C = new ThreadLocal<>();
    private static final ThreadLocal<Object> D = new ThreadLocal<>();
    private static final ContextSnapshotFactory FACTORY = ContextSnapshotFactory.builder()
            .contextRegistry(new ContextRegistry().registerThreadLocalAccessor("a", A)
                    .registerThreadLocalAccessor("b", B).registerThreadLocalAccessor("c", C)
                    .registerThreadLocalAccessor("d", D))
            .build();

    static Peer create() {
        return new MicrometerPeer();
    }

    @Override
    public Object get() {
        return A.get();
    }

    /** Uses four thread-locals for any number of keys, since binding is not measured. */
    @Override
    public void run(int keys, Object value, Runnable body) {
        ThreadLocals.run(A, B, C, D, ThreadLocals.Values.all(value), body);
    }

    @Override
    public Object capture() {
        return FACTORY.captureAll();
    }

    @Override
    public Runnable wrap(Runnable task) {
        return FACTORY.captureAll().wrap(task);
    }

    @Override
    public Executor wrap(Executor executor) {
        return task -> executor.execute(wrap(task));
    }
}
