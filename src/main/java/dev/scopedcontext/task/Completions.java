package dev.scopedcontext.task;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * The part of a task scope that the threads of its subtasks use: they begin, complete and end here.
 *
 * <p>The scope is cancelled once: by the owner, by the timer of the deadline, or by the thread of a subtask if the
 * joiner requests it. A subtask that completes before then notifies the joiner first and is counted as ended
 * afterwards. Therefore the joiner has been notified of all subtasks when the owner asks it for the result.
 *
 * <p>The reasons are in {@code docs/decisions/0009-task-scopes.md}.
 */
final class Completions<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
        implements
            ForkedSubtask.Scope {

    /** The joiner and the threads of a scope that is closed. */
    private static final Joiner<?, ?, ?> NO_JOINER = new Joiners.AwaitAll<>();
    private static final TaskThreads NO_THREADS = Engines.PORTABLE.open(null, SubtaskThreadFactory.of(null));

    private final Ownership ownership;
    private final Deadline deadline;
    private final RunningSubtasks running = new RunningSubtasks();

    // Written by the owner when the scope is closed, read by the owner and by the threads of subtasks.
    private Joiner<T, R, X> joiner;
    private ContextSnapshot context;
    private TaskThreads threads;
    private @Nullable ConcurrencyLimit limit;

    // Written and read by the owner.
    private @Nullable Runnable alarm;

    // Written by the threads of subtasks, read by the owner.
    private volatile @Nullable Throwable joinerFailure;
    private volatile @Nullable SubtaskFailures failures;

    // Guarded by this: whether the joiner has returned normally.
    private boolean accepted;

    Completions(Ownership ownership, Joiner<T, R, X> joiner, TaskSettings settings) {
        this.ownership = ownership;
        this.joiner = joiner;
        this.limit = settings.isLimited() ? new ConcurrencyLimit(settings.maxConcurrency()) : null;
        this.deadline = settings.effectiveDeadline();
        this.context = deadline.isNever()
                ? ScopedContext.capture()
                : ScopedContext.where(Deadline.KEY, deadline.ofScope()).call(ScopedContext::capture);
        this.threads = settings.openThreads();
    }

    @Override
    public Ownership ownership() {
        return ownership;
    }

    @Override
    public ContextSnapshot context() {
        return context;
    }

    RunningSubtasks running() {
        return running;
    }

    Joiner<T, R, X> joiner() {
        return joiner;
    }

    TaskThreads threads() {
        return threads;
    }

    @Nullable
    ConcurrencyLimit limit() {
        return limit;
    }

    @Override
    public void ensureUnused(Thread thread) {
        ConcurrencyLimit kept = limit;
        if (kept != null && kept.isQueued(thread)) {
            throw new IllegalThreadStateException(
                    "The thread factory returned " + thread + " twice. Return a new thread"
                            + " for each subtask, and leave it unstarted: fork() starts it");
        }
    }

    @Override
    public void begin(ForkedSubtask<?> subtask) {
        timeOutIfExpired();
        if (isCancelled()) {
            subtask.interruptSelf();
        }
    }

    @Override
    public void complete(ForkedSubtask<?> subtask, @Nullable Object result, @Nullable Throwable failure) {
        timeOutIfExpired(); // a failure that is due to the deadline is not the subtask's own
        if (!isCancelled()) {
            subtask.set(result, failure);
            tellJoiner(subtask, failure);
            subtask.endTelling();
        } else if (failure != null) {
            keepLateFailure(failure);
        }
    }

    private void tellJoiner(ForkedSubtask<?> subtask, @Nullable Throwable failure) {
        try {
            if (failure != null) {
                keepFailure(failure);
            }
            if (isLast(subtask)) {
                cancel();
            }
        } catch (Throwable ofJoiner) {
            joinerFailure = joinerFailure == null ? ofJoiner : joinerFailure;
            cancel();
            keepFailure(ofJoiner);
        }
    }

    /** Asks the joiner whether to cancel the scope, in the context of the scope if the joiner may read it. */
    @SuppressWarnings("unchecked")
    private boolean isLast(ForkedSubtask<?> completed) {
        Subtask<T> subtask = (Subtask<T>) completed;
        return joiner instanceof Joiners.ContextFree
                ? joiner.onComplete(subtask)
                : context.<Boolean, RuntimeException>call(() -> joiner.onComplete(subtask));
    }

    @Override
    public void end(ForkedSubtask<?> subtask) {
        try {
            threads.end(subtask);
            ConcurrencyLimit kept = limit; // read once, since a thread may end after the scope is closed
            if (kept != null) {
                releasePermit(kept);
            }
        } finally {
            countEnded();
        }
    }

    private void countEnded() {
        if (running.countEnded() && ownership.isJoining() && !threads.isOwnerWoken()) {
            ownership.wakeOwner();
        }
    }

    /** Lets the next subtask in the queue run. If its thread cannot be started, it fails, and the one after it runs. */
    void releasePermit(ConcurrencyLimit limit) {
        for (ForkedSubtask<?> next = limit.release(); next != null && !isCancelled(); next = limit.release()) {
            next.admit();
            try {
                threads.resume(next);
                return;
            } catch (Throwable failure) {
                complete(next, null, failure);
                countEnded();
            }
        }
        ownership.wakeOwner(); // which may wait for a permit
    }

    @Override
    public boolean isCancelled() {
        return running.isCancelled();
    }

    void cancel() {
        if (running.cancel()) {
            ownership.wakeOwner();
        }
    }

    private void timeOut() {
        if (running.timeOut()) {
            ownership.wakeOwner();
        }
    }

    /** Times out if the deadline has passed, since the timer may be late. */
    private void timeOutIfExpired() {
        if (deadline.isExpired()) {
            timeOut();
        }
    }

    /** Arranges for the timeout. The owner calls this method, and drops the alarm later. */
    void setAlarm() {
        if (deadline.isExpired()) {
            timeOut();
        } else if (!deadline.isNever()) {
            alarm = deadline.alarm(this::timeOut);
        }
    }

    void dropAlarm() {
        if (alarm != null) {
            alarm.run();
            alarm = null;
        }
    }

    /**
     * Returns the outcome of {@code join}. Unless the joiner throws, it thereby accepts the failures reported to it.
     */
    R outcome() throws X {
        Failures.throwIfAny(joinerFailure);
        R result = running.isTimedOut() ? joiner.timeout() : joiner.result();
        acceptFailures();
        return result;
    }

    private synchronized void acceptFailures() {
        accepted = true;
        if (failures != null) {
            failures.accept();
        }
    }

    /** Keeps a failure that is reported to the joiner, until the joiner has accepted it. */
    private synchronized void keepFailure(Throwable failure) {
        if (!accepted) {
            failures().add(failure);
        }
    }

    private synchronized void keepLateFailure(Throwable failure) {
        failures().addLate(failure, deadline.isExpired());
    }

    private SubtaskFailures failures() {
        SubtaskFailures kept = failures;
        if (kept == null) {
            kept = new SubtaskFailures();
            failures = kept;
        }
        return kept;
    }

    /** Suppresses the unreported failures into an exception, and returns it. */
    <E extends Throwable> E suppressFailuresInto(E thrown) {
        SubtaskFailures untold = failures;
        if (untold != null) {
            untold.suppressInto(thrown);
        }
        return thrown;
    }

    /** Logs the unreported failures. */
    void reportFailures() {
        SubtaskFailures untold = failures;
        if (untold != null) {
            untold.report(ownership);
        }
    }

    /** Drops all objects that a subtask must not retain while its result is in use. */
    @SuppressWarnings("unchecked")
    void release() {
        joiner = (Joiner<T, R, X>) NO_JOINER;
        context = ContextSnapshot.empty();
        threads = NO_THREADS;
        limit = null;
        joinerFailure = null;
        failures = null;
    }
}
