package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A block of code that splits into subtasks, each on a thread of its own, and continues when all of them have ended.
 * Use it if a request needs several slow results at once: the code waits for all subtasks together, one failure cancels
 * the others, and no subtask is left running.
 *
 * {@snippet class="dev.scopedcontext.task.TaskExamplesTest" region="quick-start"}
 *
 * <p>The API and the behaviour are those of {@code java.util.concurrent.StructuredTaskScope} in JDK 28, on JDK 17 and
 * newer and without {@code --enable-preview}. A program written for that class compiles with this one after changing
 * the imports and the class name.
 *
 * <p><b>Policy.</b> {@link #join()} waits until all subtasks have ended or the scope is <em>cancelled</em>. The {@link
 * Joiner} then determines its result or exception. A scope is cancelled when its joiner requests it, when its time is
 * up, or when it is closed without having been joined. Cancellation interrupts the thread of each subtask once. A
 * subtask that was forked before always runs, so that it can close the resources it was given. It may be interrupted
 * from the start. Subtasks that still {@linkplain Configuration#withMaxConcurrency wait to run}, or are forked after
 * the cancellation, never run. Closing waits for the threads, even if a subtask ignores the interrupt. If several
 * scopes end together, all are cancelled before any of them is awaited.
 *
 * <p><b>Context.</b> Subtasks see the bindings at the opening of the scope. The context is handed over to each of them,
 * so that hand-offs, mirrors and carriers apply to each. Each subtask is a scope of its own for its bindings,
 * attachments and hooks. On JDK 25 and newer, subtasks also inherit the application's own {@code
 * java.lang.ScopedValue}s, unless the scope has both a thread factory and a concurrency limit.
 *
 * <p><b>Structure.</b> The thread that opens the scope owns it. Only that thread may fork, join and close. A scope must
 * be closed inside the {@code run}, {@code call} or {@code attach} in which it was opened, and after the scopes opened
 * inside it. It does not fork under bindings that were made since it was opened. Violations throw a {@link
 * StructureViolationException} that states a remedy.
 *
 * <p><b>Failures.</b> If {@code join} throws, the failures of other subtasks are suppressed into the cause of its
 * exception, even if they occur while the scope is being closed. Failures that only report the cancellation, such as an
 * interrupt, are left out.
 *
 * <p>Any thread may call {@link #isCancelled()}. Unless noted otherwise, passing null throws a {@code
 * NullPointerException} that names the parameter. Results of subtasks may be null.
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
     * @param configuration receives the default configuration and returns the one to use
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
     * Opens a scope that requires all subtasks to succeed, with a configuration. Its joiner is {@link
     * Joiner#awaitAllSuccessfulOrThrow()}.
     *
     * @param configuration receives the default configuration and returns the one to use
     * @param <T> the type of the results of subtasks
     * @return the scope, owned by the calling thread; use it with {@code try}
     */
    static <T extends @Nullable Object> TaskScope<T, @Nullable Void, ExecutionException> open(
            UnaryOperator<Configuration> configuration) {
        return LiveTaskScope.open(Joiner.<T>awaitAllSuccessfulOrThrow(), TaskSettings.of(configuration));
    }

    /**
     * Opens a scope that requires all subtasks to succeed. Its joiner is {@link Joiner#awaitAllSuccessfulOrThrow()}.
     *
     * @param <T> the type of the results of subtasks
     * @return the scope, owned by the calling thread; use it with {@code try}
     */
    static <T extends @Nullable Object> TaskScope<T, @Nullable Void, ExecutionException> open() {
        return LiveTaskScope.open(Joiner.<T>awaitAllSuccessfulOrThrow(), TaskSettings.DEFAULT);
    }

    /**
     * Returns the engine that runs the subtasks in this process. Behaviour does not depend on it.
     *
     * @return a report
     */
    static EngineReport engine() {
        return Engines.current().report();
    }

    /**
     * Starts a subtask on a thread of its own. If the scope is cancelled, the returned subtask never runs.
     *
     * @param task the task, whose exception is the failure of the subtask
     * @param <U> the type of the result
     * @return the subtask
     * @throws StructureViolationException if called by a thread that is not the owner, or under bindings made since the
     *         scope was opened
     * @throws IllegalStateException if the scope was joined or closed, also if the joiner or the thread factory does so
     *         when this method calls it
     * @throws java.util.concurrent.RejectedExecutionException if the thread factory returned null
     * @throws IllegalThreadStateException if the thread factory returned a thread that was started or returned before
     */
    <U extends T> Subtask<U> fork(Callable<? extends U> task);

    /**
     * Starts a subtask without a result on a thread of its own. If the scope is cancelled, the returned subtask never
     * runs.
     *
     * @param task the task, whose exception is the failure of the subtask
     * @param <U> the type of the result, which is null
     * @return the subtask
     * @throws StructureViolationException if called by a thread that is not the owner, or under bindings made since the
     *         scope was opened
     * @throws IllegalStateException if the scope was joined or closed, also if the joiner or the thread factory does so
     *         when this method calls it
     * @throws java.util.concurrent.RejectedExecutionException if the thread factory returned null
     * @throws IllegalThreadStateException if the thread factory returned a thread that was started or returned before
     */
    <U extends T> Subtask<U> fork(Runnable task);

    /**
     * Waits until all subtasks have ended or the scope is cancelled, and returns the {@linkplain Joiner#result()
     * result} of the joiner, or its result after a {@linkplain Joiner#timeout() timeout}.
     *
     * @return the result of the joiner
     * @throws X the exception of the joiner
     * @throws InterruptedException if the owner is interrupted while waiting; it may then join again
     * @throws StructureViolationException if called by a thread that is not the owner
     * @throws IllegalStateException if the scope was joined before, or is closed
     */
    R join() throws X, InterruptedException;

    /**
     * Returns whether the scope is cancelled. Any thread may call this method.
     *
     * @return true if it is cancelled
     */
    boolean isCancelled();

    /**
     * Waits for the threads of all subtasks, after cancelling the scope if it was not joined. An interrupt of the owner
     * neither ends the wait nor reaches the subtasks; the owner stays interrupted. Does nothing if the scope is closed.
     *
     * @throws StructureViolationException if called by a thread that is not the owner; nothing then changes. Also
     *         thrown after everything is closed, if scopes inside this one were still open, or if the current bindings
     *         are not those at the opening
     * @throws IllegalStateException after everything is closed, if subtasks were forked and not joined
     */
    @Override
    void close();

    /** The configuration of a scope. Each method returns a new instance. Instances are immutable and thread-safe. */
    sealed interface Configuration permits TaskSettings {

        /**
         * Sets the factory of the threads. By default, threads are virtual, or daemon platform threads on a JDK before
         * 21.
         *
         * @param threadFactory creates a new, unstarted thread for each subtask
         * @return the new configuration
         */
        Configuration withThreadFactory(ThreadFactory threadFactory);

        /**
         * Sets the name of the scope, and of its threads, for messages and thread dumps.
         *
         * @param name the name
         * @return the new configuration
         */
        Configuration withName(String name);

        /**
         * Sets the time after which the scope is cancelled.
         *
         * @param timeout the time since the opening
         * @return the new configuration
         */
        Configuration withTimeout(Duration timeout);

        /**
         * Sets the deadline at which the scope is cancelled. The earliest of this deadline, the {@linkplain
         * Deadline#current() current} one and the timeout applies, also as the current deadline of subtasks.
         *
         * @param deadline the deadline
         * @return the new configuration
         */
        Configuration withDeadline(Deadline deadline);

        /**
         * Sets the maximum number of subtasks that run at once. The others wait without a running platform thread, and
         * start in the order in which they were forked. Subtasks that still wait when the scope is cancelled never run.
         *
         * @param subtasks the maximum number, at least one
         * @return the new configuration
         * @throws IllegalArgumentException if {@code subtasks} is less than one
         */
        Configuration withMaxConcurrency(int subtasks);
    }
}
