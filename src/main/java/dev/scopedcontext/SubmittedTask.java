package dev.scopedcontext;

import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The context of submitted tasks, which is released when they are cancelled, since a future that is kept, or still
 * queued, may keep its task.
 */
final class SubmittedTask extends ContextSnapshot implements AutoCloseable {

    /** Null from the end of the lease on. */
    private volatile @Nullable ContextSnapshot context;

    /** Whether the context is also released when a task has run: then there is one task, which runs once. */
    private volatile boolean endsWithTask;
    private volatile boolean taskEnded;

    SubmittedTask(ContextSnapshot context) {
        this.context = context;
    }

    /**
     * Ends the lease when the future of its one task is done. Most futures of the JDK are {@code FutureTask}s, which
     * release their task themselves. Those of {@code ForkJoinPool} do not; nor do those of the executors with a
     * thread per task on JDK 21, which are {@code CompletableFuture}s.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what comes of ending a lease is of no interest
    <F extends Future<T>, T extends @Nullable Object> Future<T> endWith(F future) {
        if (future instanceof ForkJoinTask<?>) {
            endsWithTask = true;
            if (taskEnded) {
                close();
            }
            return new SubmittedFuture<>(future, this);
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
        ContextSnapshot leased = leased();
        try {
            return leased.call(op);
        } finally {
            taskEnded = true;
            if (endsWithTask) {
                close();
            }
        }
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
