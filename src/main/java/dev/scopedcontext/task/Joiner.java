package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The policy of a {@link TaskScope}: told of each subtask, it decides when the scope is cancelled, and makes
 * what {@link TaskScope#join()} returns or throws. There are ready ones for most needs, and you may write your
 * own:
 *
 * {@snippet class="dev.scopedcontext.task.TaskExamplesTest" region="joiner"}
 *
 * <p>A joiner serves one scope. {@code onFork}, {@code result} and {@code timeout} are called by the owner of
 * the scope; {@code onComplete} by the subtasks' threads, by several at once, so it must be thread-safe. What
 * {@code onFork} throws is thrown by {@code fork}. What {@code onComplete} throws cancels the scope, and is
 * thrown by {@code join}.
 *
 * <p>{@code onComplete} is called when the subtask has left its context, in that of the scope, which is handed over
 * to it as it is to subtasks. It sees what was bound when the scope was opened, and nothing of what the subtask bound.
 *
 * @param <T> the type of the results of subtasks
 * @param <R> the type of the result of {@code join}
 * @param <X> the type of the exception of {@code join}
 */
public interface Joiner<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable> {

    /**
     * Is told of a subtask that is about to start, or, in a scope that is cancelled, to be forked in vain.
     *
     * @param subtask the subtask, which has no result yet
     * @return true to cancel the scope
     * @throws IllegalArgumentException if the subtask has succeeded or failed; joiners of this library check this too
     */
    default boolean onFork(Subtask<T> subtask) {
        Joiners.ensureForked(subtask);
        return false;
    }

    /**
     * Is told of a subtask that has succeeded or failed before the scope was cancelled.
     *
     * @param subtask the subtask
     * @return true to cancel the scope
     * @throws IllegalArgumentException if the subtask is {@linkplain Subtask.State#UNAVAILABLE unavailable}; joiners of
     *         this library check this too
     */
    default boolean onComplete(Subtask<T> subtask) {
        Joiners.ensureEnded(subtask);
        return false;
    }

    /**
     * Makes the outcome of {@code join} when all subtasks have ended or this joiner cancelled the scope.
     *
     * @return the result
     * @throws X the exception
     */
    R result() throws X;

    /**
     * Makes the outcome of {@code join} when the scope was cancelled because its time was up.
     *
     * @return the result
     * @throws X the exception
     */
    R timeout() throws X;

    /**
     * Wants all to succeed, and returns their results in the order of forking. The first failure cancels the
     * scope and is the cause of an {@code ExecutionException}; a time-out is too, as a {@link
     * CancelledByTimeoutException}.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, List<T>, ExecutionException> allSuccessfulOrThrow() {
        return allSuccessfulOrThrow(ExecutionException::new);
    }

    /**
     * Wants all to succeed, and returns their results in the order of forking. The first failure cancels the
     * scope.
     *
     * @param mapper makes the exception from the first failure or from a {@link CancelledByTimeoutException}
     * @param <T> the type of the results of subtasks
     * @param <X> the type of the exception
     * @return a new joiner
     */
    static <T extends @Nullable Object, X extends Throwable> Joiner<T, List<T>, X> allSuccessfulOrThrow(
            Function<Throwable, X> mapper) {
        return new Joiners.AllSuccessful<>(requireNonNull(mapper, "mapper"));
    }

    /**
     * Wants one to succeed, and returns the result of the first that does, which cancels the scope. If all
     * fail, the first failure is the cause of an {@code ExecutionException}; if there are none, a {@code
     * NoSuchElementException} is; at a time-out, a {@link CancelledByTimeoutException}.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, T, ExecutionException> anySuccessfulOrThrow() {
        return anySuccessfulOrThrow(ExecutionException::new);
    }

    /**
     * Wants one to succeed, and returns the result of the first that does, which cancels the scope.
     *
     * @param mapper makes the exception from the first failure, from a {@code NoSuchElementException} if there
     *        is none, or from a {@link CancelledByTimeoutException}
     * @param <T> the type of the results of subtasks
     * @param <X> the type of the exception
     * @return a new joiner
     */
    static <T extends @Nullable Object, X extends Throwable> Joiner<T, T, X> anySuccessfulOrThrow(
            Function<Throwable, X> mapper) {
        return new Joiners.FirstSuccesses<>(1, requireNonNull(mapper, "mapper"), results -> results.get(0));
    }

    /**
     * Wants all to succeed, and returns nothing. The first failure cancels the scope and is the cause of an
     * {@code ExecutionException}; a time-out is too, as a {@link CancelledByTimeoutException}.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, @Nullable Void, ExecutionException> awaitAllSuccessfulOrThrow() {
        return awaitAllSuccessfulOrThrow(ExecutionException::new);
    }

    /**
     * Wants all to succeed, and returns nothing. The first failure cancels the scope.
     *
     * @param mapper makes the exception from the first failure or from a {@link CancelledByTimeoutException}
     * @param <T> the type of the results of subtasks
     * @param <X> the type of the exception
     * @return a new joiner
     */
    static <T extends @Nullable Object, X extends Throwable> Joiner<T, @Nullable Void, X> awaitAllSuccessfulOrThrow(
            Function<Throwable, X> mapper) {
        return new Joiners.AwaitAllSuccessful<>(requireNonNull(mapper, "mapper"));
    }

    /**
     * Returns all subtasks, in the order of forking, when they have ended, when a predicate holds for one that
     * has, which cancels the scope, or when the time is up. Does not throw.
     *
     * @param isDone is asked about each subtask that has succeeded or failed, by several threads at once
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, List<Subtask<T>>, RuntimeException> allUntil(
            Predicate<? super Subtask<T>> isDone) {
        return new Joiners.AllUntil<>(requireNonNull(isDone, "isDone"));
    }

    /**
     * Wants a number to succeed, and returns the results of the first that do, in the order in which they did;
     * the last of these cancels the scope. If fewer succeed, the first failure is the cause of an {@code
     * ExecutionException}; if there is none, a {@code NoSuchElementException} is; at a time-out, a {@link
     * CancelledByTimeoutException}.
     *
     * @param successes how many have to succeed, at least one
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     * @throws IllegalArgumentException if it is less than one
     */
    static <T extends @Nullable Object> Joiner<T, List<T>, ExecutionException> quorum(int successes) {
        if (successes < 1) {
            throw new IllegalArgumentException("successes must be at least 1, not " + successes);
        }
        return new Joiners.FirstSuccesses<>(successes, ExecutionException::new, results -> results);
    }

    /**
     * Waits until all have ended, whether they succeed or fail, and returns nothing: failures are in the
     * subtasks. A time-out is thrown, as a {@link CancelledByTimeoutException}.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, @Nullable Void, RuntimeException> awaitAll() {
        return new Joiners.AwaitAll<>();
    }

    /**
     * Waits until all have ended, whether they succeed or fail, and returns both kinds in order of forking. At a
     * time-out these are the ones that have ended until then. Does not throw.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, Collected<T>, RuntimeException> collect() {
        return new Joiners.Collect<>();
    }
}
