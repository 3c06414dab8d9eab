package dev.scopedcontext.jmh.peer;

import io.helidon.common.context.Context;
import io.helidon.common.context.Contexts;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/** Helidon's {@code Contexts}, in which a key is a classifier and a class. Needs JDK 21. */
final class HelidonPeer extends Peer {
    private static final Object[] ALL = Stream.generate(Object::new).limit(KEYS).toArray();
    private static final Object A = ALL[0];

    static Peer create() {
        return new HelidonPeer();
    }

    @Override
    public Object get() {
        return find(A).orElseThrow();
    }

    @Override
    public Object get(int key) {
        return find(ALL[key]).orElseThrow();
    }

    @Override
    public Object absentOrElse(int key, Object other) {
        return find(ALL[key]).orElse(other);
    }

    @Override
    public void run(int keys, Object value, Runnable body) {
        Contexts.runInContext(bind(keys, value), body);
    }

    @Override
    public Object call(int keys, Object value, Callable<Object> body) throws Exception {
        return Contexts.runInContextWithThrow(bind(keys, value), body);
    }

    @Override
    public void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            Context inner = inner();
            inner.register(ALL[levels - 1], value);
            Contexts.runInContext(inner, () -> nest(levels - 1, value, body));
        }
    }

    @Override
    public Object capture() {
        return Contexts.context();
    }

    @Override
    public Runnable wrap(Runnable task) {
        Context captured = Contexts.context().orElseThrow();
        return () -> Contexts.runInContext(captured, task);
    }

    private static Optional<Object> find(Object classifier) {
        return Contexts.context().flatMap(context -> context.get(classifier, Object.class));
    }

    private static Context bind(int keys, Object value) {
        Context inner = inner();
        for (int i = 0; i < keys; i++) {
            inner.register(ALL[i], value);
        }
        return inner;
    }

    private static Context inner() {
        return Contexts.context().map(Context::create).orElseGet(Context::create);
    }

    @Override
    public Executor wrap(Executor executor) {
        return Contexts.wrap((ExecutorService) executor);
    }

    @Override
    public Object forkAndJoin(int subtasks, int keys, Callable<Object> subtask) throws Exception {
        return call(keys, "value", () -> VirtualThreads.forkAndJoin(subtasks, this::wrap, subtask));
    }
}
