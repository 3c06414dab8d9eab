package dev.scopedcontext.executor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A future whose stages run in the queue unless they are given another executor. */
final class QueuedFuture extends CompletableFuture<Object> {

    private final Executor queued;

    QueuedFuture(Executor queued) {
        this.queued = queued;
    }

    @Override
    public Executor defaultExecutor() {
        return queued;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return (CompletableFuture<U>) new QueuedFuture(queued);
    }
}
