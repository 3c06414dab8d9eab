package dev.scopedcontext.executor;

import java.util.concurrent.CompletableFuture;

/** A plain future that completes as another, which is cancelled with it. */
final class RelayFuture extends CompletableFuture<Object> {

    private final CompletableFuture<Object> source;

    @SuppressWarnings({"this-escape", "FutureReturnValueIgnored"})
    RelayFuture(CompletableFuture<Object> source) {
        this.source = source;
        source.whenComplete((result, failure) -> {
            if (failure == null) {
                complete(result);
            } else {
                completeExceptionally(failure);
            }
        });
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return super.cancel(mayInterruptIfRunning) && (source.cancel(mayInterruptIfRunning) || isDone());
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
