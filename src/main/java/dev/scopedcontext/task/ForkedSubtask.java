package dev.scopedcontext.task;

import dev.scopedcontext.CallableOp;
import dev.scopedcontext.ContextSnapshot;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A subtask: the task that its thread runs, and the operation that this thread calls in the captured context. */
final class ForkedSubtask<T extends @Nullable Object> extends SubtaskThread
        implements
            Subtask<T>,
            Runnable,
            CallableOp<T, Exception> {

    /** The scope of a subtask, for the thread of the subtask. */
    interface Scope {

        Ownership ownership();

        /** Returns the context in which subtasks are called. */
        ContextSnapshot context();

        boolean isCancelled();

        /** Checks that a new thread does not also belong to a subtask that waits for a permit. */
        void ensureUnused(Thread thread);

        /** Begins a subtask. If the scope was cancelled since it was forked, it runs interrupted. */
        void begin(ForkedSubtask<?> subtask);

        /** Takes the outcome of a subtask. */
        void complete(ForkedSubtask<?> subtask, @Nullable Object result, @Nullable Throwable failure);

        /** Counts a subtask as ended. This is the last action of its thread. */
        void end(ForkedSubtask<?> subtask);
    }

    private final Scope scope;

    // Written by the owner and by the thread of this subtask. Null after the run, since a subtask may be kept for its
    // result.
    private @Nullable Callable<? extends T> task;

    // Written by the thread that gives this subtask its permit: the owner, or the thread of a subtask that has ended.
    private volatile boolean admitted;

    // Guarded by this: whether a thread has claimed to start the thread of this subtask, and whether this subtask has
    // begun or never will. A thread factory may run it twice, or run it although its fork has failed.
    private boolean startClaimed;
    private boolean spent;

    // Written by the thread of this subtask before the scope is cancelled, the state last. Storing an outcome allocates
    // nothing, so that every subtask has one even if memory is exhausted.
    private @Nullable Object result;
    private @Nullable Throwable failure;
    private volatile State state = State.UNAVAILABLE;

    // The thread that is notifying the joiner and may therefore read the outcome. Written by that thread.
    private @Nullable Thread teller;

    ForkedSubtask(Scope scope, Callable<? extends T> task) {
        this.scope = scope;
        this.task = task;
    }

    @Override
    public void run() {
        if (thread == null || !claim()) {
            return;
        }
        try {
            if (awaitPermit()) {
                execute();
            }
        } finally {
            task = null;
            scope.end(this);
        }
    }

    /** Claims the only run of this subtask. */
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

    /** Waits for the permit, and returns false if the scope is cancelled before this subtask has it. */
    private boolean awaitPermit() {
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

    /** Sets the thread, without which this subtask does not run. The owner calls this before it starts the thread. */
    void setThread(Thread thread) {
        scope.ownership().ensureForking();
        scope.ensureUnused(thread);
        this.thread = thread;
        isCreated = true;
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
     * Returns true to the first caller that can start the thread. If the permit is passed to this subtask while the
     * owner creates the thread, both the owner and the thread that passes the permit may call it.
     */
    synchronized boolean claimStart() {
        if (!admitted || startClaimed) {
            return false;
        }
        startClaimed = true;
        return true;
    }

    /**
     * Sets the outcome. The calling thread then notifies the joiner, which may read the outcome until {@link
     * #endTelling}.
     */
    void set(@Nullable Object result, @Nullable Throwable failure) {
        teller = Thread.currentThread();
        this.result = result;
        this.failure = failure;
        state = failure == null ? State.SUCCESS : State.FAILED;
    }

    void endTelling() {
        teller = null;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // The result is null only if the task returned null.
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
        Ownership ownership = scope.ownership();
        if (!ownership.isJoined() && Thread.currentThread() != teller) {
            throw new IllegalStateException(operation + " was called before " + ownership + " was joined:"
                    + " call join() first, on " + ownership.describeOwner());
        }
    }

    private void ensureOwnThread() {
        if (Thread.currentThread() != thread) {
            throw new StructureViolationException(
                    "A subtask of " + scope.ownership() + " was run on " + Thread.currentThread()
                            + ", which is not the thread that its factory made. A thread factory must return the thread"
                            + " that runs the task",
                    null);
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
        return "Subtask[" + state + " in " + scope.ownership();
    }
}
