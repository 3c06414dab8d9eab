package dev.scopedcontext;

import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A context that is let go of when the tasks which were submitted in it are cancelled, since a future that is
 * kept, or still queued, may keep its task.
 */
final class Lease extends ContextSnapshot implements AutoCloseable {

    /** Null from the end of the lease on. */
    private volatile @Nullable ContextSnapshot context;

    Lease(ContextSnapshot context) {
        this.context = context;
    }

    /**
     * Has the lease end when a future is cancelled, and returns that future. Most futures of the JDK are
     * {@code FutureTask}s, which let go of a cancelled task themselves. Those of {@code ForkJoinPool} do not;
     * nor do those of the executors with a thread per task on JDK 21, which are {@code CompletableFuture}s.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what comes of ending a lease is of no interest
    <F extends Future<T>, T extends @Nullable Object> Future<T> endWith(F future) {
        if (future instanceof ForkJoinTask<?>) {
            return new LeasedFuture<>(future, this);
        }
        if (future instanceof CompletableFuture<?> completable) {
            completable.whenComplete((result, failure) -> close());
        }
        return future;
    }

    @Override
    public void close() {
        context = null;
    }

    @Override
    public <R extends @Nullable Object, X extends Throwable> R call(CallableOp<? extends R, X> op) throws X {
        return leased().call(op);
    }

    @Override
    <R extends @Nullable Object, X extends Throwable> R callAnyway(CallableOp<? extends R, X> op) throws X {
        return leased().callAnyway(op);
    }

    @Override
    public Attachment attach() {
        return leased().attach();
    }

    private ContextSnapshot leased() {
        ContextSnapshot leased = context;
        if (leased == null) {
            throw new CancellationException("The task was cancelled before it ran");
        }
        return leased;
    }

    @Override
    public Set<ContextKey<?>> keys() {
        ContextSnapshot leased = context;
        return leased == null ? Set.of() : leased.keys();
    }

    @Override
    @Nullable
    Object lookup(ContextKey<?> key) {
        ContextSnapshot leased = context;
        return leased == null ? Frame.ABSENT : leased.lookup(key);
    }
}
