package dev.scopedcontext.task;

import dev.scopedcontext.internal.StrictMode;
import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopeAnchor;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.internal.StackReserve;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A task scope: the rules of structured concurrency, whatever engine runs the subtasks.
 *
 * <p>The owner forks, waits and closes. It waits for two counts to meet, that of the subtasks started, which it
 * keeps itself, and that of those ended, which their threads count up; or for the mark of cancellation. That
 * mark is set once, by whoever comes first: a subtask's thread on the joiner's word, the owner, or the alarm of
 * the deadline. A subtask whose end finds the mark unset tells the joiner, and then counts itself as ended, so
 * that the joiner has been told of all of them when the owner asks it for the result.
 *
 * <p>The open scopes of a thread are a chain, innermost first, and each is anchored in the context scope around
 * it, so that none can be left open unnoticed.
 */
final class OpenTaskScope<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
        implements
            TaskScope<T, R, X> {

    /** How far the owner has come. In {@code JOINING} it waits, or was interrupted while it did. */
    private enum Stage {
        NEW, FORKED, JOINING, JOINED, CLOSED
    }

    private static final int CANCELLED = 1;
    private static final int TIMED_OUT = 2;

    /** With threads that the user makes, how often to see whether one has died without running its subtask. */
    private static final long LIVENESS_CHECK = TimeUnit.MILLISECONDS.toNanos(20);

    /** Stack for a fork. If it overflows half-way, the JDK may count a thread that never starts, and wait for it. */
    private static final int RESERVED = 96;

    private static final VarHandle MARK;

    static {
        try {
            MARK = MethodHandles.lookup().findVarHandle(OpenTaskScope.class, "mark", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What a scope that is closed has instead of its joiner, and of its threads. */
    private static final Joiner<?, ?, ?> NO_JOINER = new AwaitAll<>();
    private static final TaskThreads NO_THREADS = Engines.PORTABLE.open(null, SubtaskThreadFactory.of(null));

    private final @Nullable String name;
    private final boolean threadsMayDie;
    private final long ownerId = Thread.currentThread().getId();
    private final @Nullable Throwable place = StrictMode.place("opened here");
    private final Deadline deadline;

    /** Changed when this is {@linkplain #release() released} only. */
    private Joiner<T, R, X> joiner;
    private @Nullable Thread owner = Thread.currentThread();
    private @Nullable String ownerName;
    private @Nullable OpenTaskScope<?, ?, ?> enclosing = OpenScopes.innermost();
    private ContextSnapshot context;
    private TaskThreads threads;
    private @Nullable Turns turns;

    /** The owner's alone. */
    private @Nullable ScopeAnchor anchor;
    private @Nullable Runnable alarm;
    private @Nullable Throwable thrown;

    /** Written by the owner, read by any thread. */
    private final RunningSubtasks running = new RunningSubtasks();
    private volatile Stage stage = Stage.NEW;

    /** Written by the threads of subtasks, read by the owner. */
    private volatile @Nullable Throwable joinerFailure;
    private volatile @Nullable SubtaskFailures failures;

    /** Guarded by {@link #running}: whether the joiner has returned normally. */
    private boolean accepted;

    /** Written once by any thread, unless it stays zero. */
    private volatile int mark;

    private OpenTaskScope(Joiner<T, R, X> joiner, TaskSettings settings) {
        this.joiner = joiner;
        this.name = settings.name();
        this.threadsMayDie = settings.threadFactory() != null;
        this.turns = settings.isLimited() ? new Turns(settings.maxConcurrency()) : null;
        this.deadline = settings.effectiveDeadline();
        this.context = deadline.isNever()
                ? ScopedContext.capture()
                : ScopedContext.where(Deadline.KEY, deadline.ofScope()).call(ScopedContext::capture);
        this.threads = engine(settings).open(name, threadFactory(settings));
    }

    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object, R extends @Nullable Object, X extends Throwable> OpenTaskScope<T, R, X> open(
            Joiner<? super T, ? extends R, X> joiner, TaskSettings settings) {
        // A joiner of T's supertype can be told of subtasks of T, and its result of R's subtype is an R.
        OpenTaskScope<T, R, X> scope = new OpenTaskScope<>((Joiner<T, R, X>) joiner, settings);
        try {
            OpenScopes.push(scope);
            scope.anchor = ScopedContext.anchor(failure -> scope.closeLeftOpen());
            scope.setAlarm();
        } catch (Throwable failure) {
            scope.end();
            throw failure;
        }
        return scope;
    }

    /** Returns the engine in use, but for what the JDK's cannot: threads of the user that wait unstarted. */
    private static Engine engine(TaskSettings settings) {
        return settings.isLimited() && settings.threadFactory() != null ? Engines.PORTABLE : Engines.current();
    }

    private static ThreadFactory threadFactory(TaskSettings settings) {
        ThreadFactory given = settings.threadFactory();
        return given != null ? given : SubtaskThreadFactory.of(settings.name());
    }

    private void setAlarm() {
        if (deadline.isExpired()) {
            timeOut();
        } else if (!deadline.isNever()) {
            alarm = deadline.alarm(this::timeOut);
        }
    }

    // For the owner.

    @Override
    public <U extends T> Subtask<U> fork(Callable<? extends U> task) {
        requireNonNull(task, "task");
        StackReserve.ensure(RESERVED);
        ensureOwner("fork");
        ensureForking();
        ensureNothingBoundSince();
        ForkedSubtask<U> subtask = new ForkedSubtask<>(this, task);
        boolean started = false;
        try {
            if (tellJoiner(subtask)) {
                cancel(CANCELLED);
            }
            ensureForking(); // the joiner may have joined or closed this
            if (!isCancelled()) {
                start(subtask);
                started = true;
            }
        } finally {
            if (!started) {
                subtask.refuse();
            }
        }
        if (stage == Stage.NEW) {
            stage = Stage.FORKED;
        }
        return subtask;
    }

    @Override
    @SuppressWarnings("NullAway") // The result of a task without one is null, as the caller knows.
    public <U extends T> Subtask<U> fork(Runnable task) {
        requireNonNull(task, "task");
        return fork(() -> {
            task.run();
            return null;
        });
    }

    @SuppressWarnings("unchecked")
    private boolean tellJoiner(ForkedSubtask<? extends T> subtask) {
        return joiner.onFork((Subtask<T>) subtask);
    }

    private void start(ForkedSubtask<?> subtask) {
        running.add(subtask);
        try {
            if (turns == null || turns.take(subtask)) {
                subtask.admit();
            }
            threads.start(subtask);
        } catch (Throwable failure) {
            if (subtask.refuse()) { // else the thread factory has started it, and it is waited for
                running.remove(subtask);
                if (turns != null && !turns.leave(subtask)) {
                    passTurn(turns);
                }
            }
            throw failure;
        }
    }

    /** Checks that a thread, which is new, is not that of another subtask that waits for its turn. */
    void ensureUnused(Thread thread) {
        if (turns != null && turns.isWaiting(thread)) {
            throw new IllegalThreadStateException(
                    "The thread factory returned " + thread + " twice. Return a new thread"
                            + " for each subtask, and leave it unstarted: fork() starts it");
        }
    }

    /** Waits until a subtask that is forked can run at once, and returns false if none will any more. */
    boolean awaitFreeTurn() throws InterruptedException {
        ensureNotInterrupted();
        while (turns != null && !turns.isFree() && !isCancelled()) {
            park();
        }
        return !isCancelled();
    }

    @Override
    public R join() throws X, InterruptedException {
        ensureOwner("join");
        ensureNotJoined("join", stage.compareTo(Stage.JOINING) <= 0);
        stage = Stage.JOINING;
        try {
            awaitSubtasks();
            stage = Stage.JOINED;
            dropAlarm();
            R result = outcome();
            acceptFailures();
            thrown = null;
            return result;
        } catch (Throwable failure) {
            thrown = failure;
            suppressUntoldInto(failure);
            throw failure;
        }
    }

    private void awaitSubtasks() throws InterruptedException {
        while (!running.haveEnded() && !isCancelled() && !(threadsMayDie && running.haveGone())) {
            park();
        }
    }

    private void park() throws InterruptedException {
        if (threadsMayDie) {
            LockSupport.parkNanos(this, LIVENESS_CHECK);
        } else {
            LockSupport.park(this);
        }
        ensureNotInterrupted();
    }

    private void ensureNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("Interrupted while waiting for the subtasks of " + this);
        }
    }

    private R outcome() throws X {
        if (joinerFailure != null) {
            OpenTaskScope.<RuntimeException>throwAsIs(joinerFailure);
        }
        return mark == TIMED_OUT ? joiner.timeout() : joiner.result();
    }

    @Override
    public void close() {
        ensureOwner("close");
        if (stage == Stage.CLOSED) {
            return;
        }
        try {
            closeAndReport();
        } finally {
            release();
        }
    }

    private void closeAndReport() {
        Stage before = stage;
        String inside = closeThoseInside();
        boolean rebound = anchor != null && !anchor.isCurrentExceptAmbient();
        StructureViolationException ofEngine = end();
        if (inside != null) {
            throw failing(violation(this + " was closed before " + inside + " inside it, and all are closed now."
                    + " Close the inner one first, best with try"));
        }
        if (rebound) {
            throw failing(violation(this + " was closed under bindings made after it was opened, or outside of those"
                    + " it was opened under, and is closed now. Close it where it is opened, best with try"));
        }
        if (ofEngine != null) {
            throw failing(ofEngine);
        }
        if (before == Stage.FORKED) {
            throw failing(new NotJoinedException(this + " was closed without join() after subtasks were forked;"
                    + " they were cancelled. Call join() on it before the end of the try block"));
        }
        reportUntold();
    }

    /** Closes this since the {@code run}, {@code call} or {@code attach} around it ends, and says so. */
    private void closeLeftOpen() {
        try {
            cancelUpTo(outermostLeft());
            closeThoseInside();
            end();
            throw failing(violation(this + " was still open when the run, call or attach that it was opened in ended,"
                    + " and is closed now. Close it there, best with try"));
        } finally {
            release();
        }
    }

    /** Closes the scopes inside this, after all of them, and this, were told that they are cancelled. */
    private @Nullable String closeThoseInside() {
        cancelUpTo(this);
        String closed = null;
        OpenTaskScope<?, ?, ?> innermost = OpenScopes.innermost();
        while (innermost != null && innermost != this) {
            closed = innermost.toString();
            innermost.end();
            innermost.reportUntold();
            innermost.release();
            innermost = OpenScopes.innermost();
        }
        return closed;
    }

    private static void cancelUpTo(OpenTaskScope<?, ?, ?> outermost) {
        OpenTaskScope<?, ?, ?> scope = OpenScopes.innermost();
        while (scope != null && scope != outermost) {
            scope.cancelUnlessJoined();
            scope = scope.enclosing;
        }
        outermost.cancelUnlessJoined();
    }

    private void cancelUnlessJoined() {
        if (stage.compareTo(Stage.JOINED) < 0) {
            cancel(CANCELLED);
        }
    }

    /** Returns the outermost of the scopes that are left open by the {@code run}, {@code call} or {@code attach}. */
    private OpenTaskScope<?, ?, ?> outermostLeft() {
        OpenTaskScope<?, ?, ?> outermost = this;
        OpenTaskScope<?, ?, ?> next = enclosing;
        while (next != null && next.anchor != null && next.anchor.isEnding()) {
            outermost = next;
            next = next.enclosing;
        }
        return outermost;
    }

    /** Ends this in any case, and returns what the engine finds wrong with the place where it is done. */
    private @Nullable StructureViolationException end() {
        try {
            cancelUnlessJoined();
            dropAlarm();
            if (stage.compareTo(Stage.JOINING) < 0) {
                stage = Stage.JOINING; // so that the last subtask wakes this thread
            }
            threads.close(running);
            return null;
        } catch (StructureViolationException ofEngine) {
            return ofEngine;
        } finally {
            stage = Stage.CLOSED;
            OpenScopes.pop(this, enclosing);
            if (anchor != null) {
                anchor.release();
            }
            running.forgetAll();
            if (thrown != null) {
                suppressUntoldInto(thrown);
            }
        }
    }

    /**
     * Releases all but what messages show, if this is closed. A subtask may be kept for its result, and holds this;
     * it is not to hold the context, the joiner, or the owner, which as a virtual thread holds its own task.
     */
    @SuppressWarnings("unchecked")
    private void release() {
        Thread owner = this.owner;
        if (stage != Stage.CLOSED || owner == null) {
            return;
        }
        ownerName = owner.getName();
        this.owner = null;
        joiner = (Joiner<T, R, X>) NO_JOINER;
        context = ContextSnapshot.empty();
        threads = NO_THREADS;
        turns = null;
        enclosing = null;
        anchor = null;
        thrown = null;
        joinerFailure = null;
        failures = null;
    }

    private <E extends RuntimeException> E failing(E failure) {
        suppressUntoldInto(failure);
        return failure;
    }

    private void suppressUntoldInto(Throwable failure) {
        SubtaskFailures untold = failures;
        if (untold != null) {
            untold.suppressInto(failure);
        }
    }

    private void reportUntold() {
        SubtaskFailures untold = failures;
        if (untold != null) {
            untold.report(this);
        }
    }

    /** Forgets what the joiner was told of, since it returned normally. */
    private void acceptFailures() {
        synchronized (running) {
            accepted = true;
            if (failures != null) {
                failures.accept();
            }
        }
    }

    private void dropAlarm() {
        if (alarm != null) {
            alarm.run();
            alarm = null;
        }
    }

    // For the threads of subtasks.

    /** Begins a subtask, on its thread: if the scope was cancelled since it was forked, it runs interrupted. */
    void begin(ForkedSubtask<?> subtask) {
        timeOutIfExpired();
        if (isCancelled()) {
            subtask.interruptSelf();
        }
    }

    /** Takes the outcome of a subtask, on its thread. */
    void complete(ForkedSubtask<?> subtask, @Nullable Object result, @Nullable Throwable failure) {
        timeOutIfExpired(); // a failure that is due to the deadline is not the subtask's own
        if (!isCancelled()) {
            subtask.set(result, failure);
            tellJoinerOfEnd(subtask, failure);
            subtask.told();
        } else if (failure != null) {
            keepLateFailure(failure);
        }
    }

    private void tellJoinerOfEnd(ForkedSubtask<?> subtask, @Nullable Throwable failure) {
        try {
            if (failure != null) {
                keepFailure(failure);
            }
            if (isLastFor(subtask)) {
                cancel(CANCELLED);
            }
        } catch (Throwable ofJoiner) {
            joinerFailure = joinerFailure == null ? ofJoiner : joinerFailure;
            cancel(CANCELLED);
            keepFailure(ofJoiner);
        }
    }

    /** Asks the joiner, in the context of the scope if it may look at it. */
    @SuppressWarnings("unchecked")
    private boolean isLastFor(ForkedSubtask<?> ended) {
        Subtask<T> subtask = (Subtask<T>) ended;
        return joiner instanceof OwnJoiner
                ? joiner.onComplete(subtask)
                : context.<Boolean, RuntimeException>call(() -> joiner.onComplete(subtask));
    }

    /** Keeps a failure that the joiner is told of, until it has accepted it. */
    private void keepFailure(Throwable failure) {
        synchronized (running) {
            if (!accepted) {
                failures().add(failure);
            }
        }
    }

    private void keepLateFailure(Throwable failure) {
        synchronized (running) {
            failures().addLate(failure, deadline.isExpired());
        }
    }

    private SubtaskFailures failures() {
        SubtaskFailures kept = failures;
        if (kept == null) {
            kept = new SubtaskFailures();
            failures = kept;
        }
        return kept;
    }

    /** Counts a subtask as ended, which is the last thing that its thread does. */
    void ended(ForkedSubtask<?> subtask) {
        try {
            threads.ended(subtask);
            if (turns != null) {
                passTurn(turns);
            }
        } finally {
            countEnded();
        }
    }

    private void countEnded() {
        if (running.countEnded() && stage.compareTo(Stage.JOINING) >= 0 && !threads.isOwnerWoken()) {
            LockSupport.unpark(owner);
        }
    }

    /** Lets the next in line run. If its thread cannot be started, it fails, on this thread, and another is next. */
    private void passTurn(Turns turns) {
        for (ForkedSubtask<?> next = turns.pass(); next != null && !isCancelled(); next = turns.pass()) {
            next.admit();
            try {
                threads.resume(next);
                return;
            } catch (Throwable failure) {
                complete(next, null, failure);
                countEnded();
            }
        }
        LockSupport.unpark(owner); // which may wait for the turn that is free now
    }

    // For any thread.

    /** Times out if the deadline has passed, since the alarm may be late. */
    private void timeOutIfExpired() {
        if (deadline.isExpired()) {
            timeOut();
        }
    }

    private void timeOut() {
        cancel(TIMED_OUT);
    }

    private void cancel(int how) {
        if (MARK.compareAndSet(this, 0, how)) {
            running.interruptAll();
            LockSupport.unpark(owner);
        }
    }

    @Override
    public boolean isCancelled() {
        return mark != 0;
    }

    boolean isJoined() {
        return stage.compareTo(Stage.JOINED) >= 0;
    }

    ContextSnapshot context() {
        return context;
    }

    /** Returns the description of the thread that opened this. */
    String owner() {
        Thread owner = this.owner;
        return owner != null ? owner.toString() : "Thread[#" + ownerId + "," + ownerName + "]";
    }

    private boolean isOwnedBy(Thread thread) {
        Thread owner = this.owner;
        return owner != null ? owner == thread : ownerId == thread.getId();
    }

    private void ensureOwner(String operation) {
        if (!isOwnedBy(Thread.currentThread())) {
            throw violation(operation + "() was called on " + this + " by " + Thread.currentThread() + ": only the"
                    + " thread that opened it may. Nothing was changed. To split a subtask further, open a task"
                    + " scope in it");
        }
    }

    /** Checks that subtasks may be forked still. */
    void ensureForking() {
        ensureNotJoined("fork", stage.compareTo(Stage.FORKED) <= 0);
    }

    private void ensureNotJoined(String operation, boolean notJoined) {
        if (!notJoined) {
            throw new IllegalStateException(operation + "() was called on " + this + ", "
                    + (stage == Stage.CLOSED ? "which is closed" : "after join()")
                    + ". Open another task scope for more subtasks");
        }
    }

    private void ensureNothingBoundSince() {
        if (anchor != null && !anchor.isCurrentExceptAmbient()) {
            throw violation("fork() was called on " + this + " under bindings made after it was opened, which its"
                    + " subtasks would not see, or outside of those it was opened under. Open it inside the run, call"
                    + " or attach that binds, or bind inside the subtask");
        }
    }

    private StructureViolationException violation(String message) {
        return new StructureViolationException(message, place);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwAsIs(Throwable failure) throws E {
        throw (E) failure;
    }

    /** Returns the name, and the thread that opened it. */
    @Override
    public String toString() {
        return "TaskScope[" + (name == null ? "unnamed" : name) + ", opened by " + owner() + "]";
    }
}
