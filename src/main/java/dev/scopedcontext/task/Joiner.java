package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The policy of a {@link TaskScope}. It is notified of each subtask, decides when to cancel the scope, and determines
 * the outcome of {@link TaskScope#join()}. The static methods of this interface return joiners for most needs. You can
 * also write your own:
 *
 * {@snippet class="dev.scopedcontext.documents.SplittingWorkPageTest" region="joiner"}
 *
 * <p>A joiner serves one scope. The owner of the scope calls {@code onFork}, {@code result} and {@code timeout}. The
 * threads of subtasks call {@code onComplete}, several at once, so it must be thread-safe. If {@code onFork} throws,
 * {@code fork} throws the exception. If {@code onComplete} throws, the scope is cancelled and {@code join} throws the
 * exception.
 *
 * <p>{@code onComplete} is called after the subtask has left its context. The context of the scope is handed over to
 * the call in the same way as to a subtask. It sees the bindings at the opening of the scope, and none of the subtask.
 *
 * <p>Unless noted otherwise, passing null throws a {@code NullPointerException} that names the parameter.
 *
 * @param <T> the type of the results of subtasks
 * @param <R> the type of the result of {@code join}
 * @param <X> the type of the exception of {@code join}
 */
public interface Joiner<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable> {

    /**
     * Called when a subtask is forked, before its thread starts. The thread does not start if the scope is cancelled.
     *
     * @param subtask the subtask, which has no result yet
     * @return true to cancel the scope
     * @throws IllegalArgumentException if the subtask has succeeded or failed. Joiners in this library check this too
     */
    default boolean onFork(Subtask<T> subtask) {
        Joiners.ensureForked(subtask);
        return false;
    }

    /**
     * Called when a subtask has succeeded or failed before the scope was cancelled.
     *
     * @param subtask the subtask
     * @return true to cancel the scope
     * @throws IllegalArgumentException if the subtask is {@linkplain Subtask.State#UNAVAILABLE unavailable}. Joiners in
     *         this library check this too
     */
    default boolean onComplete(Subtask<T> subtask) {
        Joiners.ensureEnded(subtask);
        return false;
    }

    /**
     * Returns the result of {@code join}, or throws its exception. Called if all subtasks have ended or this joiner has
     * cancelled the scope.
     *
     * @return the result
     * @throws X the exception
     */
    R result() throws X;

    /**
     * Returns the result of {@code join}, or throws its exception. Called if the timeout has cancelled the scope.
     *
     * @return the result
     * @throws X the exception
     */
    R timeout() throws X;

    /**
     * Returns a joiner that requires all subtasks to succeed. The result is the list of their results, in the order
     * of forking. The first failure cancels the scope and is the cause of an {@code ExecutionException}. After a
     * timeout, the cause is a {@link CancelledByTimeoutException}.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, List<T>, ExecutionException> allSuccessfulOrThrow() {
        return allSuccessfulOrThrow(ExecutionException::new);
    }

    /**
     * Returns a joiner that requires all subtasks to succeed. The result is the list of their results, in the order
     * of forking. The first failure cancels the scope.
     *
     * @param mapper creates the exception from the first failure or from a {@link CancelledByTimeoutException}
     * @param <T> the type of the results of subtasks
     * @param <X> the type of the exception
     * @return a new joiner
     */
    static <T extends @Nullable Object, X extends Throwable> Joiner<T, List<T>, X> allSuccessfulOrThrow(
            Function<Throwable, X> mapper) {
        return new Joiners.AllSuccessful<>(requireNonNull(mapper, "mapper"));
    }

    /**
     * Returns a joiner that requires one subtask to succeed. The result is that of the first subtask that succeeds,
     * which cancels the scope. Otherwise {@code join} throws an {@code ExecutionException}. Its cause is the first
     * failure, a {@code NoSuchElementException} if nothing was forked, or a {@link CancelledByTimeoutException}.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, T, ExecutionException> anySuccessfulOrThrow() {
        return anySuccessfulOrThrow(ExecutionException::new);
    }

    /**
     * Returns a joiner that requires one subtask to succeed. The result is that of the first subtask that succeeds,
     * which cancels the scope.
     *
     * @param mapper creates the exception from the first failure, from a {@code NoSuchElementException} if nothing was
     *        forked, or from a {@link CancelledByTimeoutException}
     * @param <T> the type of the results of subtasks
     * @param <X> the type of the exception
     * @return a new joiner
     */
    static <T extends @Nullable Object, X extends Throwable> Joiner<T, T, X> anySuccessfulOrThrow(
            Function<Throwable, X> mapper) {
        return new Joiners.FirstSuccesses<>(1, requireNonNull(mapper, "mapper"), results -> results.get(0));
    }

    /**
     * Returns a joiner that requires all subtasks to succeed and has no result. The first failure cancels the scope
     * and is the cause of an {@code ExecutionException}. After a timeout, the cause is a {@link
     * CancelledByTimeoutException}.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, @Nullable Void, ExecutionException> awaitAllSuccessfulOrThrow() {
        return awaitAllSuccessfulOrThrow(ExecutionException::new);
    }

    /**
     * Returns a joiner that requires all subtasks to succeed and has no result. The first failure cancels the scope.
     *
     * @param mapper creates the exception from the first failure or from a {@link CancelledByTimeoutException}
     * @param <T> the type of the results of subtasks
     * @param <X> the type of the exception
     * @return a new joiner
     */
    static <T extends @Nullable Object, X extends Throwable> Joiner<T, @Nullable Void, X> awaitAllSuccessfulOrThrow(
            Function<Throwable, X> mapper) {
        return new Joiners.AwaitAllSuccessful<>(requireNonNull(mapper, "mapper"));
    }

    /**
     * Returns a joiner whose result is the list of all subtasks, in the order of forking. {@code join} waits until all
     * subtasks have ended, or until a predicate holds for one of them, which cancels the scope. It returns the list
     * also after a timeout, and throws no exception.
     *
     * @param isDone the predicate, called for each subtask that has succeeded or failed, by several threads at once
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, List<Subtask<T>>, RuntimeException> allUntil(
            Predicate<? super Subtask<T>> isDone) {
        return new Joiners.AllUntil<>(requireNonNull(isDone, "isDone"));
    }

    /**
     * Returns a joiner that requires a number of subtasks to succeed. The result is the list of the results of the
     * first ones, in the order in which they succeed. The last of them cancels the scope. If fewer succeed, {@code
     * join} throws an {@code ExecutionException}. Its cause is the first failure, a {@code NoSuchElementException} if
     * there is none, or a {@link CancelledByTimeoutException}.
     *
     * @param successes the number of subtasks that must succeed, at least one
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     * @throws IllegalArgumentException if {@code successes} is less than one
     */
    static <T extends @Nullable Object> Joiner<T, List<T>, ExecutionException> quorum(int successes) {
        if (successes < 1) {
            throw new IllegalArgumentException("successes must be at least 1, not " + successes);
        }
        return new Joiners.FirstSuccesses<>(successes, ExecutionException::new, results -> results);
    }

    /**
     * Returns a joiner that waits until all subtasks have ended and has no result. Failures are accepted: they can be
     * read from the subtasks. After a timeout, {@code join} throws a {@link CancelledByTimeoutException}.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, @Nullable Void, RuntimeException> awaitAll() {
        return new Joiners.AwaitAll<>();
    }

    /**
     * Returns a joiner that waits until all subtasks have ended. The result contains the results and the failures of
     * subtasks, in the order of forking. After a timeout, it contains those of the subtasks that have ended. {@code
     * join} throws no exception.
     *
     * @param <T> the type of the results of subtasks
     * @return a new joiner
     */
    static <T extends @Nullable Object> Joiner<T, Collected<T>, RuntimeException> collect() {
        return new Joiners.Collect<>();
    }
}
