package dev.scopedcontext.task;

import dev.scopedcontext.CallableOp;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A subtask, as what its thread runs, and as the operation that it calls in the captured context. */
final class ForkedSubtask<T extends @Nullable Object> extends HasThread
        implements
            Subtask<T>,
            Runnable,
            CallableOp<T, Exception> {

    /** Stands for a result that is null. */
    private static final Object NULL = new Object();

    /**
     * The outcome of a subtask that failed.
     *
     * @param failure what it failed with
     */
    private record Failed(Throwable failure) {
    }

    private final OpenTaskScope<?, ?, ?> scope;

    /** Null once this has run, or is not to be: a subtask may be kept for its result. */
    private @Nullable Callable<? extends T> task;

    /** Written by whoever gives this its turn: the owner, or the thread of a subtask that has ended. */
    private volatile boolean admitted;

    /** Guarded by this. */
    private boolean startClaimed;

    /** Whether this was run, or is not to be: a thread factory may run it twice, or after it failed to fork. */
    private volatile boolean spent;

    /** Written by the thread of this, before the scope is cancelled: the result, {@link #NULL} or a failure. */
    private volatile @Nullable Object outcome;

    ForkedSubtask(OpenTaskScope<?, ?, ?> scope, Callable<? extends T> task) {
        this.scope = scope;
        this.task = task;
    }

    @Override
    public void run() {
        if (spent) {
            return;
        }
        spent = true;
        try {
            if (awaitTurn()) {
                execute();
            }
        } finally {
            task = null;
            scope.ended(this);
        }
    }

    private void execute() {
        Object result;
        try {
            ensureOwnThread();
            T value = scope.context().<T, Exception>call(this);
            result = value == null ? NULL : value;
        } catch (Throwable failure) {
            result = new Failed(failure);
        }
        scope.complete(this, result);
    }

    @Override
    public T call() throws Exception {
        Callable<? extends T> task = this.task;
        if (task == null) {
            throw new CancellationException(this + " is not run, since its fork failed");
        }
        return task.call();
    }

    /** Waits, if this was started ahead of its turn, and returns false if it is not to run any more. */
    private boolean awaitTurn() {
        boolean interrupted = false;
        while (!admitted && !scope.isCancelled()) {
            LockSupport.park(scope);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !scope.isCancelled();
    }

    @Override
    void refuse() {
        spent = true;
        task = null;
    }

    void admit() {
        admitted = true;
    }

    /**
     * Tells the caller, and nobody after it, to start the thread. If the turn comes while the thread is being made,
     * the owner and whoever passes the turn both find all that is needed.
     */
    synchronized boolean claimStart() {
        if (!admitted || startClaimed) {
            return false;
        }
        startClaimed = true;
        return true;
    }

    /** Sets the outcome, and tells the joiner, which may ask for it, on this thread. */
    void set(Object result) {
        outcome = result;
    }

    /** Makes an outcome of a failure. */
    static Object failed(Throwable failure) {
        return new Failed(failure);
    }

    /** Returns what an outcome failed with, if it did. */
    static @Nullable Throwable failureOf(@Nullable Object outcome) {
        return outcome instanceof Failed failed ? failed.failure : null;
    }

    @Override
    public State state() {
        Object result = outcome;
        if (result == null) {
            return State.UNAVAILABLE;
        }
        return result instanceof Failed ? State.FAILED : State.SUCCESS;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // The result is what the task returned: null only if T has it.
    public T get() {
        ensureReadable("get()");
        Object result = outcome;
        if (result == null || result instanceof Failed) {
            throw new IllegalStateException(this + " has no result: it " + describe(result));
        }
        return result == NULL ? null : (T) result;
    }

    @Override
    public Throwable exception() {
        ensureReadable("exception()");
        Object result = outcome;
        if (result instanceof Failed failed) {
            return failed.failure;
        }
        throw new IllegalStateException(this + " has no exception: it " + describe(result));
    }

    private void ensureReadable(String operation) {
        if (!scope.isJoined() && Thread.currentThread() != thread) {
            throw new IllegalStateException(operation + " was called before " + scope + " was joined:"
                    + " call join() first, on " + scope.owner());
        }
    }

    private void ensureOwnThread() {
        if (Thread.currentThread() != thread) {
            thread = Thread.currentThread(); // which tells the joiner, and may read this
            throw new StructureViolationException("A subtask of " + scope + " was run on " + Thread.currentThread()
                    + ", which is not the thread that its factory made. A thread factory must return the thread"
                    + " that runs the task", null);
        }
    }

    private static String describe(@Nullable Object result) {
        if (result == null) {
            return "did not end before its scope was cancelled, or never ran";
        }
        return result instanceof Failed failed ? "failed with " + failed.failure : "succeeded";
    }

    @Override
    public String toString() {
        return "Subtask[" + state() + " in " + scope + "]";
    }
}
