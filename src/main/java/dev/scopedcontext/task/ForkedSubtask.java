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

    private final OpenTaskScope<?, ?, ?> scope;

    /** Null once this has run, or is not to be: a subtask may be kept for its result. */
    private @Nullable Callable<? extends T> task;

    /** Written by whoever gives this its turn: the owner, or the thread of a subtask that has ended. */
    private volatile boolean admitted;

    /**
     * Guarded by this: whether the start of the thread is claimed; and whether this has begun, or never will. A thread
     * factory may run it twice, or although it could not be forked.
     */
    private boolean startClaimed;
    private boolean spent;

    /**
     * Written by the thread of this, before the scope is cancelled, the state last. Storing an outcome allocates
     * nothing, so no subtask ends without one when memory is short.
     */
    private @Nullable Object result;
    private @Nullable Throwable failure;
    private volatile State state = State.UNAVAILABLE;

    /** The thread that tells the joiner of the outcome, which may read it meanwhile. Written by that thread. */
    private @Nullable Thread teller;

    ForkedSubtask(OpenTaskScope<?, ?, ?> scope, Callable<? extends T> task) {
        this.scope = scope;
        this.task = task;
    }

    @Override
    public void run() {
        if (thread == null || !claim()) {
            return;
        }
        try {
            if (awaitTurn()) {
                execute();
            }
        } finally {
            task = null;
            scope.ended(this);
        }
    }

    /** Claims the one run of this. */
    private synchronized boolean claim() {
        boolean first = !spent;
        spent = true;
        return first;
    }

    private void execute() {
        T value = null;
        Throwable thrown = null;
        try {
            ensureOwnThread();
            scope.begin(this);
            value = scope.context().<T, Exception>call(this);
        } catch (Throwable failure) {
            thrown = failure;
        }
        scope.complete(this, value, thrown);
    }

    @Override
    public T call() throws Exception {
        Callable<? extends T> task = this.task;
        if (task == null) {
            throw new CancellationException(this + " is not run, since its fork failed");
        }
        return task.call();
    }

    /** Waits, if this was started ahead of its turn, and returns false if it has no turn before the cancellation. */
    private boolean awaitTurn() {
        boolean interrupted = false;
        while (!admitted && !scope.isCancelled()) {
            LockSupport.park(scope);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return admitted;
    }

    /** Sets the thread, without which this does not run. Called by the owner, before the thread is started. */
    void setThread(Thread thread) {
        scope.ensureForking();
        scope.ensureUnused(thread);
        this.thread = thread;
        isMade = true;
    }

    @Override
    boolean refuse() {
        if (!claim()) {
            return false;
        }
        task = null;
        return true;
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

    /** Sets the outcome. The joiner is told of it next, on the same thread, and may read it until then. */
    void set(@Nullable Object result, @Nullable Throwable failure) {
        teller = Thread.currentThread();
        this.result = result;
        this.failure = failure;
        state = failure == null ? State.SUCCESS : State.FAILED;
    }

    /** Notes that the joiner was told. */
    void told() {
        teller = null;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // The result is what the task returned: null only if T has it.
    public T get() {
        ensureReadable("get()");
        if (state != State.SUCCESS) {
            throw new IllegalStateException(description() + "] has no result: it " + describe());
        }
        return (T) result;
    }

    @Override
    public Throwable exception() {
        ensureReadable("exception()");
        Throwable failure = state == State.FAILED ? this.failure : null;
        if (failure == null) {
            throw new IllegalStateException(description() + "] has no exception: it " + describe());
        }
        return failure;
    }

    private void ensureReadable(String operation) {
        if (!scope.isJoined() && Thread.currentThread() != teller) {
            throw new IllegalStateException(operation + " was called before " + scope + " was joined:"
                    + " call join() first, on " + scope.owner());
        }
    }

    private void ensureOwnThread() {
        if (Thread.currentThread() != thread) {
            throw new StructureViolationException("A subtask of " + scope + " was run on " + Thread.currentThread()
                    + ", which is not the thread that its factory made. A thread factory must return the thread"
                    + " that runs the task", null);
        }
    }

    private String describe() {
        return switch (state) {
            case SUCCESS -> "succeeded";
            case FAILED -> "failed with " + failure;
            case UNAVAILABLE -> "did not end before its scope was cancelled, or never ran";
        };
    }

    /** Returns the state, the scope, and the exception of a subtask that failed. */
    @Override
    public String toString() {
        return description() + (state == State.FAILED ? ", with " + failure : "") + "]";
    }

    private String description() {
        return "Subtask[" + state + " in " + scope;
    }
}
