package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ScopeAnchor;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.StackReserve;
import dev.scopedcontext.task.Ownership.Stage;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task scope as its owner uses it: the rules of structured concurrency, independent of the engine that runs the
 * subtasks.
 *
 * <p>The owner forks, waits and closes. It waits until all subtasks that were started have ended, as counted by {@link
 * RunningSubtasks}, or until the scope is cancelled; see {@link Completions}.
 *
 * <p>Each scope is anchored in the surrounding context scope, which detects a scope that is left open.
 */
final class LiveTaskScope<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
        implements
            TaskScope<T, R, X> {

    /** The stack to reserve for removing subtasks whose threads could not be started. */
    private static final int RESERVED = 256;

    private final Ownership ownership;
    final Completions<T, R, X> completions;
    private final RunningSubtasks running;
    private final boolean threadsMayDie;

    // Written and read by the owner.
    private @Nullable LiveTaskScope<?, ?, ?> enclosing = ScopeChain.innermost();
    private @Nullable ScopeAnchor anchor;
    private @Nullable Throwable thrown;
    private boolean hasUnstarted;

    private LiveTaskScope(Joiner<T, R, X> joiner, TaskSettings settings) {
        this.ownership = new Ownership(settings.name());
        this.completions = new Completions<>(ownership, joiner, settings);
        this.running = completions.running();
        this.threadsMayDie = settings.threadFactory() != null;
    }

    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object, R extends @Nullable Object, X extends Throwable> LiveTaskScope<T, R, X> open(
            Joiner<? super T, ? extends R, X> joiner, TaskSettings settings) {
        // A joiner of a supertype of T accepts subtasks of T, and its result of a subtype of R is an R.
        LiveTaskScope<T, R, X> scope = new LiveTaskScope<>((Joiner<T, R, X>) joiner, settings);
        try {
            ScopeChain.push(scope);
            scope.anchor = ScopedContext.anchor(failure -> scope.closeLeftOpen());
            scope.completions.setAlarm();
        } catch (Throwable failure) {
            scope.end();
            throw failure;
        }
        return scope;
    }

    @Override
    public <U extends T> Subtask<U> fork(Callable<? extends U> task) {
        requireNonNull(task, "task");
        ownership.ensureOwner("fork");
        ownership.ensureForking();
        removeUnstarted();
        ensureNothingBoundSince();
        ForkedSubtask<U> subtask = new ForkedSubtask<>(completions, task);
        boolean started = false;
        try {
            if (tellJoiner(subtask)) {
                completions.cancel();
            }
            ownership.ensureForking(); // the joiner may have joined or closed this
            if (!isCancelled()) {
                started = true;
                start(subtask);
            }
        } finally {
            if (!started) {
                subtask.refuse();
            }
        }
        if (ownership.stage() == Stage.NEW) {
            ownership.setStage(Stage.FORKED);
        }
        return subtask;
    }

    @Override
    @SuppressWarnings("NullAway") // A task without a result has the result null, and U then includes null.
    public <U extends T> Subtask<U> fork(Runnable task) {
        requireNonNull(task, "task");
        return fork(() -> {
            task.run();
            return null;
        });
    }

    @SuppressWarnings("unchecked")
    private boolean tellJoiner(ForkedSubtask<? extends T> subtask) {
        return completions.joiner().onFork((Subtask<T>) subtask);
    }

    private void start(ForkedSubtask<?> subtask) {
        ConcurrencyLimit limit = completions.limit();
        running.add(subtask);
        try {
            if (limit == null || limit.acquireOrEnqueue(subtask)) {
                subtask.admit();
            }
            completions.threads().start(subtask);
        } catch (Throwable failure) {
            subtask.isUnstarted = true; // stores, since a call could overflow the stack
            hasUnstarted = true;
            removeUnstarted();
            throw failure;
        }
    }

    /** Removes the subtasks whose threads could not be started. If the stack overflows, the next call removes them. */
    private void removeUnstarted() {
        if (!hasUnstarted) {
            return;
        }
        StackReserve.ensure(RESERVED);
        hasUnstarted = false;
        for (SubtaskThread subtask = running.unstarted(); subtask != null; subtask = running.unstarted()) {
            remove((ForkedSubtask<?>) subtask);
        }
    }

    /** Removes a subtask, unless its thread was started by the thread factory. Then the owner waits for it. */
    private void remove(ForkedSubtask<?> subtask) {
        subtask.isUnstarted = false;
        if (!subtask.refuse()) {
            return;
        }
        running.remove(subtask);
        ConcurrencyLimit limit = completions.limit();
        if (limit != null && !limit.removeFromQueue(subtask)) {
            completions.releasePermit(limit);
        }
    }

    /** Waits until a subtask that is forked can run at once. Returns false if the scope is cancelled. */
    boolean awaitPermit() throws InterruptedException {
        ConcurrencyLimit limit = completions.limit();
        removeUnstarted();
        ownership.ensureNotInterrupted();
        while (limit != null && !limit.hasPermit() && !isCancelled()) {
            ownership.park(threadsMayDie);
        }
        return !isCancelled();
    }

    @Override
    public R join() throws X, InterruptedException {
        ownership.ensureOwner("join");
        ownership.ensureNotJoined();
        ownership.setStage(Stage.JOINING);
        try {
            awaitSubtasks();
            ownership.setStage(Stage.JOINED);
            completions.dropAlarm();
            R result = completions.outcome();
            thrown = null;
            return result;
        } catch (Throwable failure) {
            thrown = failure;
            completions.suppressFailuresInto(failure);
            throw failure;
        }
    }

    private void awaitSubtasks() throws InterruptedException {
        removeUnstarted();
        while (!running.haveEnded() && !isCancelled() && !(threadsMayDie && running.haveThreadsEnded())) {
            ownership.park(threadsMayDie);
        }
    }

    @Override
    public boolean isCancelled() {
        return completions.isCancelled();
    }

    @Override
    public void close() {
        ownership.ensureOwner("close");
        if (ownership.isClosed()) {
            return;
        }
        try {
            closeAndReport();
        } finally {
            release();
        }
    }

    private void closeAndReport() {
        boolean joinMissing = ownership.stage() == Stage.FORKED;
        String inside = ScopeChain.closeInside(this);
        boolean rebound = !isUnderSameBindings();
        StructureViolationException ofEngine = end();
        if (inside != null) {
            throw violation(this + " was closed before " + inside + " inside it, and all are closed now."
                    + " Close the inner one first, preferably with try");
        }
        if (rebound) {
            throw violation(this + " was closed under bindings made after it was opened, or outside of those"
                    + " it was opened under, and is closed now. Close it where it is opened, preferably with try");
        }
        if (ofEngine != null) {
            throw completions.suppressFailuresInto(ofEngine);
        }
        if (joinMissing) {
            throw completions.suppressFailuresInto(new NotJoinedException(this + " was closed without join() after"
                    + " subtasks were forked; they were cancelled. Call join() on it before the end of the try block"));
        }
        completions.reportFailures();
    }

    /** Closes this scope because the {@code run}, {@code call} or {@code attach} around it ends, and throws. */
    private void closeLeftOpen() {
        try {
            ScopeChain.cancelUpTo(ScopeChain.outermostLeftOpen(this));
            ScopeChain.closeInside(this);
            end();
            throw violation(this + " was still open when the run, call or attach that it was opened in ended,"
                    + " and is closed now. Close it there, preferably with try");
        } finally {
            release();
        }
    }

    /** Returns true if the {@code run}, {@code call} or {@code attach} around this scope is ending. */
    boolean isLeftOpen() {
        return anchor != null && anchor.isEnding();
    }

    @Nullable
    LiveTaskScope<?, ?, ?> enclosing() {
        return enclosing;
    }

    void cancelUnlessJoined() {
        if (!ownership.isJoined()) {
            completions.cancel();
        }
    }

    /** Closes this scope because an enclosing one is closed, which throws. */
    void closeFromOutside() {
        end();
        completions.reportFailures();
        release();
    }

    /** Ends this scope on every path, and returns the structure violation that the engine has detected, or null. */
    private @Nullable StructureViolationException end() {
        try {
            removeUnstarted();
            cancelUnlessJoined();
            completions.dropAlarm();
            if (!ownership.isJoining()) {
                ownership.setStage(Stage.JOINING); // so that the last subtask wakes the owner
            }
            completions.threads().close(running);
            return null;
        } catch (StructureViolationException ofEngine) {
            return ofEngine;
        } finally {
            ownership.setStage(Stage.CLOSED);
            ScopeChain.pop(this, enclosing);
            if (anchor != null) {
                anchor.release();
            }
            running.dropAll();
            if (thrown != null) {
                completions.suppressFailuresInto(thrown);
            }
        }
    }

    /**
     * If this is closed, drops everything that messages do not need: a subtask may be retained, and retains this scope.
     */
    private void release() {
        if (ownership.isClosed() && ownership.release()) {
            completions.release();
            enclosing = null;
            anchor = null;
            thrown = null;
        }
    }

    private boolean isUnderSameBindings() {
        return anchor == null || anchor.isCurrentExceptAmbient();
    }

    private void ensureNothingBoundSince() {
        if (!isUnderSameBindings()) {
            throw ownership.violation("fork() was called on " + this + " under bindings made after it was opened, which"
                    + " its subtasks would not see, or outside of those it was opened under. Open it inside the run,"
                    + " call or attach that binds, or bind inside the subtask");
        }
    }

    private StructureViolationException violation(String message) {
        return completions.suppressFailuresInto(ownership.violation(message));
    }

    /** Returns the name, and the thread that opened this scope. */
    @Override
    public String toString() {
        return ownership.toString();
    }
}
