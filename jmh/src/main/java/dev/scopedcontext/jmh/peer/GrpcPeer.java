package dev.scopedcontext.jmh.peer;

import io.grpc.Context;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** gRPC's {@code Context}, which binds up to four keys in one step. */
final class GrpcPeer extends Peer {
    @SuppressWarnings("unchecked")
    private static final Context.Key<Object>[] ALL = Stream.generate(() -> Context.key("key")).limit(KEYS)
            .toArray(Context.Key[]::new);
    private static final Context.Key<Object> A = ALL[0];
    private static final Context.Key<Object> B = ALL[1];
    private static final Context.Key<Object> C = ALL[2];
    private static final Context.Key<Object> D = ALL[3];
    private static final Context.Key<Object> E = ALL[4];
    private static final Context.Key<Object> F = ALL[5];
    private static final Context.Key<Object> G = ALL[6];
    private static final Context.Key<Object> H = ALL[7];
    private static final Context.Key<Object> WITH_DEFAULT = Context.keyWithDefault("with default", DEFAULT);

    static Peer create() {
        return new GrpcPeer();
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
        bind(keys, value).run(body);
    }

    @Override
    public Object call(int keys, Object value, Callable<Object> body) throws Exception {
        return bind(keys, value).call(body);
    }

    @Override
    public Object attach(int keys, Object value) {
        Context bound = bind(keys, value);
        Context before = bound.attach();
        try {
            return A.get();
        } finally {
            bound.detach(before);
        }
    }

    @Override
    public void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            Context.current().withValue(ALL[levels - 1], value).run(() -> nest(levels - 1, value, body));
        }
    }

    @Override
    public Object capture() {
        return Context.current();
    }

    @Override
    public Runnable wrap(Runnable task) {
        return Context.current().wrap(task);
    }

    @Override
    public Executor wrap(Executor executor) {
        return Context.currentContextExecutor(executor);
    }

    @Override
    public Object forkAndJoin(int subtasks, int keys, Callable<Object> subtask) throws Exception {
        return bind(keys, "value").call(() -> VirtualThreads.forkAndJoin(subtasks, this::wrap, subtask));
    }

    private static Context bind(int keys, Object value) {
        Context outer = Context.current();
        return switch (keys) {
            case 1 -> outer.withValue(A, value);
            case 2 -> outer.withValues(A, value, B, value);
            case 4 -> outer.withValues(A, value, B, value, C, value, D, value);
            case 8 -> outer.withValues(A, value, B, value, C, value, D, value)
                    .withValues(E, value, F, value, G, value, H, value);
            default -> many(outer, keys, value);
        };
    }

    private static Context many(Context outer, int keys, Object value) {
        Context all = outer;
        for (int i = 0; i < keys; i++) {
            all = all.withValue(ALL[i], value);
        }
        return all;
    }
}
