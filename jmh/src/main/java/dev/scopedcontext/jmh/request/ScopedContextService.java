package dev.scopedcontext.jmh.request;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.slf4j.MdcMirror;
import dev.scopedcontext.task.TaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** Uses two named contexts, a mirror of the MDC, task scopes and a propagating executor. */
final class ScopedContextService extends Service {
    private static final NamedContext APP = NamedContext.named("app");
    private static final NamedContext REQUEST = NamedContext.named("request");
    private static final ContextKey<String> ID = REQUEST.key("id", String.class,
            key -> key.mirror(MdcMirror.to("requestId")));
    private static final ContextKey<Object> USER = REQUEST.key("user");
    private static final ContextKey<Object> TENANT = APP.key("tenant");
    private static final ContextKey<Object> LOCALE = REQUEST.key("locale");
    private static final ContextKey<Object> DEADLINE = REQUEST.key("deadline");
    private static final ContextKey<Object> TRACE = REQUEST.key("trace");
    private static final ResourceKey<Connection> CONNECTION = REQUEST.resource("connection", Connection.class,
            Connection::new, Connection::close);

    private final Executor pool;

    ScopedContextService(ExecutorService pool) {
        this.pool = ContextExecutors.propagating(pool);
    }

    @Override
    int enter(Values values, Callable<Integer> body) throws Exception {
        CallableOp<Integer, Exception> op = body::call;
        return APP.session().where(TENANT, values.tenant()).call(() -> REQUEST.session()
                .where(ID, values.id()).where(USER, values.user()).where(LOCALE, values.locale())
                .where(DEADLINE, values.deadline()).where(TRACE, values.trace())
                .call(op));
    }

    @Override
    Object value(int key, Values passed) {
        return switch (key) {
            case 0 -> ID.get();
            case 1 -> USER.get();
            case 2 -> TENANT.get();
            case 3 -> LOCALE.get();
            case 4 -> DEADLINE.get();
            default -> TRACE.get();
        };
    }

    @Override
    Connection connection(Values passed) {
        return CONNECTION.get();
    }

    @Override
    void fork(int subtasks, Callable<Object> subtask, Values passed) throws Exception {
        try (var scope = TaskScope.open()) {
            for (int i = 0; i < subtasks; i++) {
                scope.fork(subtask);
            }
            scope.join();
        }
    }

    @Override
    void execute(Runnable task, Values passed) {
        pool.execute(task);
    }
}
