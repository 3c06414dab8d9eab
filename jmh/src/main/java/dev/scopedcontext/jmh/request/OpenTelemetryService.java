package dev.scopedcontext.jmh.request;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** Uses OpenTelemetry's {@code Context}. */
final class OpenTelemetryService extends ByHand {
    private static final ContextKey<Object> A = ContextKey.named("key");
    private static final ContextKey<Object> B = ContextKey.named("key");
    private static final ContextKey<Object> C = ContextKey.named("key");
    private static final ContextKey<Object> D = ContextKey.named("key");
    private static final ContextKey<Object> E = ContextKey.named("key");
    private static final ContextKey<Object> F = ContextKey.named("key");
    private static final ContextKey<Object> APP = ContextKey.named("key");
    private static final ContextKey<Object> REQUEST = ContextKey.named("key");

    OpenTelemetryService(ExecutorService pool) {
        super(pool);
    }

    @Override
    int bind(Values values, Callable<Integer> body) throws Exception {
        Context context = Context.current().with(A, values.id()).with(B, values.user()).with(C, values.tenant())
                .with(D, values.locale()).with(E, values.deadline()).with(F, values.trace())
                .with(APP, values.app()).with(REQUEST, values.request());
        try (Scope scope = context.makeCurrent()) {
            return body.call();
        }
    }

    @Override
    Object value(int key, Values passed) {
        return switch (key) {
            case 0 -> Context.current().get(A);
            case 1 -> Context.current().get(B);
            case 2 -> Context.current().get(C);
            case 3 -> Context.current().get(D);
            case 4 -> Context.current().get(E);
            case 5 -> Context.current().get(F);
            case 6 -> Context.current().get(APP);
            default -> Context.current().get(REQUEST);
        };
    }

    @Override
    Executor wrap(Executor executor, Values passed) {
        return Context.taskWrapping(executor);
    }
}
