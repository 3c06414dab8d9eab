package dev.scopedcontext.executor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The future that is cancelled with one of ours. For a future that wraps a foreign stage it is that stage. For a
 * dependent stage it is an incomplete future that the foreign one creates for its own dependents: cancelling that has
 * no effect if it is a plain {@code CompletableFuture}, but a subclass may cancel the underlying operation, as that of
 * {@code java.net.http.HttpClient} does.
 *
 * @param future the future
 */
record ForeignFuture(Future<?> future) {

    /** Returns the future for a stage, or null if the stage is not a future. */
    static @Nullable ForeignFuture of(CompletionStage<?> stage) {
        return stage instanceof Future<?> future ? new ForeignFuture(future) : null;
    }

    /** Returns the future that is cancelled with a dependent stage, or null if cancelling it would have no effect. */
    @Nullable
    ForeignFuture ofDependent() {
        if (!(future instanceof CompletableFuture<?> completable) || isPlain(completable)) {
            return null;
        }
        CompletableFuture<?> dependent = completable.newIncompleteFuture();
        return isPlain(dependent) ? null : new ForeignFuture(dependent);
    }

    private static boolean isPlain(CompletableFuture<?> future) {
        return future.getClass() == CompletableFuture.class;
    }

    /** Cancels the future, unless it does not support that, as a minimal stage of the JDK does not. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void cancel(boolean mayInterruptIfRunning) {
        try {
            future.cancel(mayInterruptIfRunning);
        } catch (UnsupportedOperationException uncancellable) {
            // The operation continues, as it does for other users of that future.
        }
    }
}
