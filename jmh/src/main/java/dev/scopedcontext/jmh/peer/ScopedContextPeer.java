package dev.scopedcontext.jmh.peer;

import static dev.scopedcontext.ScopedContext.where;

import dev.scopedcontext.Attachment;
import dev.scopedcontext.Bindings;
import dev.scopedcontext.CallableOp;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.task.TaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** This library. */
final class ScopedContextPeer extends Peer {
    @SuppressWarnings("unchecked")
    private static final ContextKey<Object>[] ALL = Stream.generate(() -> ContextKey.named("key")).limit(KEYS)
            .toArray(ContextKey[]::new);
    private static final ContextKey<Object> A = ALL[0];
    private static final ContextKey<Object> B = ALL[1];
    private static final ContextKey<Object> C = ALL[2];
    private static final ContextKey<Object> D = ALL[3];
    private static final ContextKey<Object> E = ALL[4];
    private static final ContextKey<Object> F = ALL[5];
    private static final ContextKey<Object> G = ALL[6];
    private static final ContextKey<Object> H = ALL[7];
    private static final ContextKey<Object> WITH_DEFAULT = ContextKey.withDefault("with default", DEFAULT);

    static Peer create() {
        return new ScopedContextPeer();
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
        return ALL[key].orElse(other);
    }

    @Override
    public void run(int keys, Object value, Runnable body) {
        bind(keys, value).run(body);
    }

    @Override
    public Object call(int keys, Object value, Callable<Object> body) throws Exception {
        CallableOp<Object, Exception> op = body::call;
        return bind(keys, value).call(op);
    }

    @Override
    public Object attach(int keys, Object value) {
        try (Attachment attachment = bind(keys, value).attach()) {
            return A.get();
        }
    }

    @Override
    public void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            where(ALL[levels - 1], value).run(() -> nest(levels - 1, value, body));
        }
    }

    @Override
    public Object capture() {
        return ScopedContext.capture();
    }

    @Override
    public Runnable wrap(Runnable task) {
        return ScopedContext.capture().wrap(task);
    }

    @Override
    public Executor wrap(Executor executor) {
        return ContextExecutors.propagating(executor);
    }

    @Override
    public Object forkAndJoin(int subtasks, int keys, Callable<Object> subtask) throws Exception {
        return bind(keys, "value").<Object, Exception>call(() -> {
            try (var scope = TaskScope.<Object>open()) {
                for (int i = 0; i < subtasks; i++) {
                    scope.fork(subtask);
                }
                scope.join();
                return scope;
            }
        });
    }

    private static Bindings bind(int keys, Object value) {
        return switch (keys) {
            case 1 -> where(A, value);
            case 2 -> where(A, value).where(B, value);
            case 4 -> four(value);
            case 8 -> four(value).where(E, value).where(F, value).where(G, value).where(H, value);
            default -> many(keys, value);
        };
    }

    private static Bindings four(Object value) {
        return where(A, value).where(B, value).where(C, value).where(D, value);
    }

    private static Bindings many(int keys, Object value) {
        Bindings all = where(A, value);
        for (int i = 1; i < keys; i++) {
            all = all.where(ALL[i], value);
        }
        return all;
    }
}
