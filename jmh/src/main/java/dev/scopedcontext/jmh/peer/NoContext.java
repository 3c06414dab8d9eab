package dev.scopedcontext.jmh.peer;

import java.util.concurrent.Callable;

/** The common part of all peers, and nothing else. */
final class NoContext extends Peer {
    static Peer create() {
        return new NoContext();
    }

    @Override
    public Object get() {
        return DEFAULT;
    }

    @Override
    public void run(int keys, Object value, Runnable body) {
        body.run();
    }

    @Override
    public Object forkAndJoin(int subtasks, int keys, Callable<Object> subtask) throws Exception {
        return VirtualThreads.forkAndJoin(subtasks, executor -> executor, subtask);
    }
}
