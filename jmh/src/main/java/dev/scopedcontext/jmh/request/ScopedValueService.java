package dev.scopedcontext.jmh.request;

import dev.scopedcontext.jmh.peer.RawStructuredTaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** Uses one {@code ScopedValue} for each value, and the JDK's own {@code StructuredTaskScope}. */
final class ScopedValueService extends ByHand {
    private static final ScopedValue<Object> A = ScopedValue.newInstance();
    private static final ScopedValue<Object> B = ScopedValue.newInstance();
    private static final ScopedValue<Object> C = ScopedValue.newInstance();
    private static final ScopedValue<Object> D = ScopedValue.newInstance();
    private static final ScopedValue<Object> E = ScopedValue.newInstance();
    private static final ScopedValue<Object> F = ScopedValue.newInstance();
    private static final ScopedValue<Object> APP = ScopedValue.newInstance();
    private static final ScopedValue<Object> REQUEST = ScopedValue.newInstance();

    ScopedValueService(ExecutorService pool) {
        super(pool);
    }

    @Override
    int bind(Values values, Callable<Integer> body) throws Exception {
        ScopedValue.CallableOp<Integer, Exception> op = body::call;
        return carrier(values).call(op);
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
        Values captured = captured(passed);
        return task -> executor.execute(() -> carrier(captured).run(task));
    }

    @Override
    void fork(int subtasks, Callable<Object> subtask, Values passed) throws Exception {
        RawStructuredTaskScope.forkAndJoin(subtasks, withEntry(subtask, passed));
    }

    private static ScopedValue.Carrier carrier(Values values) {
        return ScopedValue.where(A, values.id()).where(B, values.user()).where(C, values.tenant())
                .where(D, values.locale()).where(E, values.deadline()).where(F, values.trace())
                .where(APP, values.app()).where(REQUEST, values.request());
    }
}
