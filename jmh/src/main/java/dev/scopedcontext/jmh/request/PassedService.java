package dev.scopedcontext.jmh.request;

import dev.scopedcontext.jmh.peer.Peer;
import dev.scopedcontext.jmh.peer.RawStructuredTaskScope;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** Uses no context: each method has the values as parameters. */
final class PassedService extends ByHand {
    private static final boolean STRUCTURED = Runtime.version().feature() >= Peer.needsJdk(Peer.SCOPED_VALUE);

    PassedService(ExecutorService pool) {
        super(pool);
    }

    @Override
    int bind(Values values, Callable<Integer> body) throws Exception {
        return body.call();
    }

    @Override
    Object value(int key, Values passed) {
        return passed.get(key);
    }

    @Override
    Executor wrap(Executor executor, Values passed) {
        return executor;
    }

    @Override
    void fork(int subtasks, Callable<Object> subtask, Values passed) throws Exception {
        if (STRUCTURED) {
            RawStructuredTaskScope.forkAndJoin(subtasks, withEntry(subtask, passed));
        } else {
            super.fork(subtasks, subtask, passed);
        }
    }
}
