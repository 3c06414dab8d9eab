package dev.scopedcontext.jmh.request;

import io.grpc.Context;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** Uses gRPC's {@code Context}. */
final class GrpcService extends ByHand {
    private static final Context.Key<Object> A = Context.key("key");
    private static final Context.Key<Object> B = Context.key("key");
    private static final Context.Key<Object> C = Context.key("key");
    private static final Context.Key<Object> D = Context.key("key");
    private static final Context.Key<Object> E = Context.key("key");
    private static final Context.Key<Object> F = Context.key("key");
    private static final Context.Key<Object> APP = Context.key("key");
    private static final Context.Key<Object> REQUEST = Context.key("key");

    GrpcService(ExecutorService pool) {
        super(pool);
    }

    @Override
    int bind(Values values, Callable<Integer> body) throws Exception {
        return Context.current()
                .withValues(A, values.id(), B, values.user(), C, values.tenant(), D, values.locale())
                .withValues(E, values.deadline(), F, values.trace(), APP, values.app(), REQUEST, values.request())
                .call(body);
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
        return Context.currentContextExecutor(executor);
    }
}
