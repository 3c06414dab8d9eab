package dev.scopedcontext.jmh.peer;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** OpenTelemetry's {@code Context}, made current by {@code makeCurrent()} and {@code close()}. */
final class OpenTelemetryPeer extends Peer {
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

    static Peer create() {
        return new OpenTelemetryPeer();
    }

    @Override
    public Object get() {
        return Context.current().get(A);
    }

    @Override
    public Object get(int key) {
        return Context.current().get(ALL[key]);
    }

    @Override
    public Object absentOrElse(int key, Object other) {
        Object value = Context.current().get(ALL[key]);
        return value != null ? value : other;
    }

    @Override
    public void run(int keys, Object value, Runnable body) {
        try (Scope scope = bind(keys, value).makeCurrent()) {
            body.run();
        }
    }

    @Override
    public Object call(int keys, Object value, Callable<Object> body) throws Exception {
        try (Scope scope = bind(keys, value).makeCurrent()) {
            return body.call();
        }
    }

    @Override
    public Object attach(int keys, Object value) {
        try (Scope scope = bind(keys, value).makeCurrent()) {
            return get();
        }
    }

    @Override
    public void nest(int levels, Object value, Runnable body) {
        if (levels == 0) {
            body.run();
        } else {
            try (Scope scope = Context.current().with(ALL[levels - 1], value).makeCurrent()) {
                nest(levels - 1, value, body);
            }
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
        return Context.taskWrapping(executor);
    }

    @Override
    public Object forkAndJoin(int subtasks, int keys, Callable<Object> subtask) throws Exception {
        return call(keys, "value", () -> VirtualThreads.forkAndJoin(subtasks, this::wrap, subtask));
    }

    private static Context bind(int keys, Object value) {
        Context outer = Context.current();
        return switch (keys) {
            case 1 -> outer.with(A, value);
            case 2 -> outer.with(A, value).with(B, value);
            case 4 -> four(outer, value);
            case 8 -> four(outer, value).with(E, value).with(F, value).with(G, value).with(H, value);
            default -> many(outer, keys, value);
        };
    }

    private static Context four(Context outer, Object value) {
        return outer.with(A, value).with(B, value).with(C, value).with(D, value);
    }

    private static Context many(Context outer, int keys, Object value) {
        Context all = outer;
        for (int i = 0; i < keys; i++) {
            all = all.with(ALL[i], value);
        }
        return all;
    }
}
