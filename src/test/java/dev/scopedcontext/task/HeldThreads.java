package dev.scopedcontext.task;

import java.util.concurrent.ThreadFactory;

/** A factory of threads that start, and do not run their tasks until they are let go. */
final class HeldThreads implements ThreadFactory {

    private volatile boolean released;

    @Override
    public Thread newThread(Runnable task) {
        return new Thread(() -> {
            Waiting.until("the threads are let go", () -> released);
            task.run();
        });
    }

    void release() {
        released = true;
    }
}
