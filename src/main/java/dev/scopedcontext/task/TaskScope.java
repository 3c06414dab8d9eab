package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A block of code that splits into subtasks, each on a thread of its own, and does not go on until all of them
 * have ended. You want it wherever one request needs several slow things at once: they are waited for
 * together, one failure cancels the others, and none is left running.
 *
 * {@snippet class="dev.scopedcontext.task.TaskExamplesTest" region="quick-start"}
 *
 * <p>The shape is that of {@code java.util.concurrent.StructuredTaskScope} in JDK 28, and so is the behaviour,
 * on every JDK from 17 on and without {@code --enable-preview}: a program written for the one compiles against
 * the other by changing imports and the class name.
 *
 * <p><b>Policy.</b> {@link #join()} waits until all subtasks have ended or the scope is <em>cancelled</em>, and
 * has the {@link Joiner} make its result or exception. A scope is cancelled when its joiner says so, when its
 * time is up, and when it is closed without having been joined. Cancelling interrupts the thread of each subtask
 * once. A subtask that was forked before runs in any case, interrupted from its beginning if need be, so that it
 * can close what it was given. Subtasks that still wait for their {@linkplain Configuration#withMaxConcurrency turn},
 * or are forked afterwards, never run. Closing waits for the threads; a subtask that does not react to interrupts holds
 * that up. Scopes that end together are all cancelled before the first of them is waited for.
 *
 * <p><b>Context.</b> Subtasks see what was bound when the scope was opened. It is handed over to each of them,
 * so that hand-offs, mirrors and carriers are applied to each, and each is a scope of its own: what it binds,
 * attaches or registers is its own. On JDK 25 and newer, values that the owner bound to a {@code
 * java.lang.ScopedValue} of its own are inherited too, unless the scope has both a thread factory and a limit.
 *
 * <p><b>Structure.</b> The thread that opened the scope owns it: only that thread may fork, join and close.
 * A scope is closed where it was opened: inside the same {@code run}, {@code call} or {@code attach}, and after
 * the scopes opened inside it. Forking under bindings that were made since is refused. Each of these throws a
 * {@link StructureViolationException} that says what to do.
 *
 * <p><b>Failures.</b> If {@code join} throws, what other subtasks failed with is suppressed into the cause that
 * it reports, also when they fail only while the scope is being closed. Failures that merely tell of the
 * cancellation, such as an interrupt, are left out.
 *
 * <p><b>Null.</b> Arguments must not be null, or {@code NullPointerException} names the one that is; results of
 * subtasks may.
 *
 * @param <T> the type of the results of subtasks
 * @param <R> the type of the result of {@code join}
 * @param <X> the type of the exception of {@code join}
 */
public sealed interface TaskScope<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
        extends
            AutoCloseable
        permits LiveTaskScope {

    /**
     * Opens a scope with a policy and a configuration.
     *
     * @param joiner the policy; a joiner serves one scope
     * @param configuration is given the default configuration and returns the one to use
     * @param <T> the type of the results of subtasks
     * @param <R> the type of the result of {@code join}
     * @param <X> the type of the exception of {@code join}
     * @return the scope, owned by the calling thread; use it with {@code try}
     */
    static <T extends @Nullable Object, R extends @Nullable Object, X extends Throwable> TaskScope<T, R, X> open(
            Joiner<? super T, ? extends R, X> joiner, UnaryOperator<Configuration> configuration) {
        requireNonNull(joiner, "joiner");
        return LiveTaskScope.open(joiner, TaskSettings.of(configuration));
    }

    /**
     * Opens a scope with a policy.
     *
     * @param joiner the policy; a joiner serves one scope
     * @param <T> the type of the results of subtasks
     * @param <R> the type of the result of {@code join}
     * @param <X> the type of the exception of {@code join}
     * @return the scope, owned by the calling thread; use it with {@code try}
     */
    static <T extends @Nullable Object, R extends @Nullable Object, X extends Throwable> TaskScope<T, R, X> open(
            Joiner<? super T, ? extends R, X> joiner) {
        requireNonNull(joiner, "joiner");
        return LiveTaskScope.open(joiner, TaskSettings.DEFAULT);
    }

    /**
     * Opens a scope for which all subtasks must succeed, with a configuration: that of {@link
     * Joiner#awaitAllSuccessfulOrThrow()}.
     *
     * @param configuration is given the default configuration and returns the one to use
     * @param <T> the type of the results of subtasks
     * @return the scope, owned by the calling thread; use it with {@code try}
     */
    static <T extends @Nullable Object> TaskScope<T, @Nullable Void, ExecutionException> open(
            UnaryOperator<Configuration> configuration) {
        return LiveTaskScope.open(Joiner.<T>awaitAllSuccessfulOrThrow(), TaskSettings.of(configuration));
    }

    /**
     * Opens a scope for which all subtasks must succeed: that of {@link Joiner#awaitAllSuccessfulOrThrow()}.
     *
     * @param <T> the type of the results of subtasks
     * @return the scope, owned by the calling thread; use it with {@code try}
     */
    static <T extends @Nullable Object> TaskScope<T, @Nullable Void, ExecutionException> open() {
        return LiveTaskScope.open(Joiner.<T>awaitAllSuccessfulOrThrow(), TaskSettings.DEFAULT);
    }

    /**
     * Tells what runs the subtasks in this process, and why. Behaviour does not depend on it.
     *
     * @return a report
     */
    static EngineReport engine() {
        return Engines.current().report();
    }

    /**
     * Starts a subtask on a thread of its own; or, if the scope is cancelled, returns one that never runs.
     *
     * @param task the task; what it throws is the subtask's failure
     * @param <U> the type of the result
     * @return the subtask
     * @throws StructureViolationException if called by another thread than the owner, or if something was
     *         bound since the scope was opened
     * @throws IllegalStateException if {@code join} was called, or the scope is closed; also if the joiner or the
     *         thread factory, called by this method, did that
     * @throws java.util.concurrent.RejectedExecutionException if the thread factory returned null
     * @throws IllegalThreadStateException if the thread factory returned a thread that was started before, or that it
     *         had returned before
     */
    <U extends T> Subtask<U> fork(Callable<? extends U> task);

    /**
     * Starts a subtask without a result on a thread of its own; or, if the scope is cancelled, returns one that
     * never runs.
     *
     * @param task the task; what it throws is the subtask's failure
     * @param <U> the type of the result, which is null
     * @return the subtask
     * @throws StructureViolationException if called by another thread than the owner, or if something was
     *         bound since the scope was opened
     * @throws IllegalStateException if {@code join} was called, or the scope is closed; also if the joiner or the
     *         thread factory, called by this method, did that
     * @throws java.util.concurrent.RejectedExecutionException if the thread factory returned null
     * @throws IllegalThreadStateException if the thread factory returned a thread that was started before, or that it
     *         had returned before
     */
    <U extends T> Subtask<U> fork(Runnable task);

    /**
     * Waits until all subtasks have ended or the scope is cancelled, and returns what the joiner makes of it:
     * its {@linkplain Joiner#result() result}, or, if the time was up, what it has {@linkplain Joiner#timeout()
     * then}.
     *
     * @return the joiner's result
     * @throws X the joiner's exception
     * @throws InterruptedException if the owner is interrupted while waiting; it may then join again
     * @throws StructureViolationException if called by another thread than the owner
     * @throws IllegalStateException if the scope was joined before, or is closed
     */
    R join() throws X, InterruptedException;

    /**
     * Tells whether the scope is cancelled. A subtask may ask this, as any thread may.
     *
     * @return true if it is cancelled
     */
    boolean isCancelled();

    /**
     * Waits for the threads of all subtasks, after cancelling the scope if it was not joined. An interrupt of the owner
     * neither ends that wait nor reaches the subtasks; it is kept. Does nothing if the scope is closed.
     *
     * @throws StructureViolationException if called by another thread than the owner, with nothing changed;
     *         or, after everything is closed, if scopes that were opened inside it were still open, or if
     *         something that was bound since it was opened still is
     * @throws IllegalStateException after everything is closed, if subtasks were forked and not joined
     */
    @Override
    void close();

    /**
     * How a scope is set up. Each method returns another configuration and leaves this one as it is.
     */
    sealed interface Configuration permits TaskSettings {

        /**
         * Has threads made by a factory. By default they are virtual, and on a JDK before 21 daemon platform
         * threads.
         *
         * @param threadFactory makes a new, unstarted thread for each subtask
         * @return the new configuration
         */
        Configuration withThreadFactory(ThreadFactory threadFactory);

        /**
         * Names the scope, and its threads after it, for messages and thread dumps.
         *
         * @param name the name
         * @return the new configuration
         */
        Configuration withName(String name);

        /**
         * Cancels the scope when a time has passed since it was opened.
         *
         * @param timeout the time
         * @return the new configuration
         */
        Configuration withTimeout(Duration timeout);

        /**
         * Cancels the scope at a deadline. It is cancelled at the {@linkplain Deadline#current() current} one in
         * any case; of these and of a time-out the earliest counts, and is what subtasks have as theirs.
         *
         * @param deadline the deadline
         * @return the new configuration
         */
        Configuration withDeadline(Deadline deadline);

        /**
         * Lets at most so many subtasks run at once. The others wait, without a running platform thread, and have their
         * turn in the order in which they were forked. Those that still wait when the scope is cancelled never run.
         *
         * @param subtasks how many, at least one
         * @return the new configuration
         * @throws IllegalArgumentException if it is less than one
         */
        Configuration withMaxConcurrency(int subtasks);
    }
}
