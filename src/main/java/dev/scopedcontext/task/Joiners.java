package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The joiners of this library, and the checks of their arguments. */
final class Joiners {

    private Joiners() {
    }

    /** Checks a subtask that is about to start. A joiner may be called by another joiner that delegates to it. */
    static <T extends @Nullable Object> Subtask<T> ensureForked(Subtask<T> subtask) {
        if (requireNonNull(subtask, "subtask").state() != Subtask.State.UNAVAILABLE) {
            throw new IllegalArgumentException("onFork() was called with " + subtask + ", which has ended. Call it with"
                    + " the subtask that fork() is about to start");
        }
        return subtask;
    }

    /** Checks a subtask that has succeeded or failed. */
    static <T extends @Nullable Object> Subtask<T> ensureEnded(Subtask<T> subtask) {
        if (requireNonNull(subtask, "subtask").state() == Subtask.State.UNAVAILABLE) {
            throw new IllegalArgumentException("onComplete() was called with " + subtask + ", which has neither"
                    + " succeeded nor failed. Call it with a subtask that has ended");
        }
        return subtask;
    }

    /** A joiner whose {@code onComplete} calls no code of the application, so that it can be called in any context. */
    interface ContextFree<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
            extends
                Joiner<T, R, X> {
    }

    /** Waits until all subtasks have ended. */
    static final class AwaitAll<T extends @Nullable Object>
            implements
                ContextFree<T, @Nullable Void, RuntimeException> {

        @Override
        public @Nullable Void result() {
            return null;
        }

        @Override
        public @Nullable Void timeout() {
            throw new CancelledByTimeoutException();
        }
    }

    /** Requires all subtasks to succeed. */
    static final class AwaitAllSuccessful<T extends @Nullable Object, X extends Throwable>
            implements
                ContextFree<T, @Nullable Void, X> {

        private final Function<Throwable, X> mapper;
        private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

        AwaitAllSuccessful(Function<Throwable, X> mapper) {
            this.mapper = mapper;
        }

        @Override
        public boolean onComplete(Subtask<T> subtask) {
            return ensureEnded(subtask).state() == Subtask.State.FAILED
                    && firstFailure.compareAndSet(null, subtask.exception());
        }

        @Override
        public @Nullable Void result() throws X {
            Throwable failure = firstFailure.get();
            if (failure != null) {
                throw mapper.apply(failure);
            }
            return null;
        }

        @Override
        public @Nullable Void timeout() throws X {
            throw timedOut();
        }

        X timedOut() {
            return mapper.apply(new CancelledByTimeoutException());
        }
    }

    /** Requires all subtasks to succeed, and returns their results in the order of forking. */
    static final class AllSuccessful<T extends @Nullable Object, X extends Throwable>
            implements
                ContextFree<T, List<T>, X> {

        private final AwaitAllSuccessful<T, X> all;
        private final SubtaskList<T> forked = new SubtaskList<>();

        AllSuccessful(Function<Throwable, X> mapper) {
            this.all = new AwaitAllSuccessful<>(mapper);
        }

        @Override
        public boolean onFork(Subtask<T> subtask) {
            return forked.add(subtask);
        }

        @Override
        public boolean onComplete(Subtask<T> subtask) {
            return all.onComplete(subtask);
        }

        @Override
        public List<T> result() throws X {
            all.result();
            return forked.results();
        }

        @Override
        public List<T> timeout() throws X {
            throw all.timedOut();
        }
    }

    /** Requires a number of subtasks to succeed, and passes the results of the first ones to a function. */
    static final class FirstSuccesses<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
            implements
                ContextFree<T, R, X> {

        private final int required;
        private final Function<Throwable, X> mapper;
        private final Function<? super List<T>, ? extends R> finisher;

        // Guarded by this.
        private final List<T> results = new ArrayList<>();
        private @Nullable Throwable firstFailure;

        FirstSuccesses(int required, Function<Throwable, X> mapper, Function<? super List<T>, ? extends R> finisher) {
            this.required = required;
            this.mapper = mapper;
            this.finisher = finisher;
        }

        @Override
        public synchronized boolean onComplete(Subtask<T> subtask) {
            if (ensureEnded(subtask).state() == Subtask.State.FAILED) {
                firstFailure = firstFailure == null ? subtask.exception() : firstFailure;
                return false;
            }
            if (results.size() < required) {
                results.add(subtask.get());
            }
            return results.size() == required;
        }

        @Override
        public synchronized R result() throws X {
            if (results.size() == required) {
                return finisher.apply(Collections.unmodifiableList(results));
            }
            throw mapper.apply(firstFailure != null
                    ? firstFailure
                    : new NoSuchElementException(
                            results.size() + " subtasks succeeded, but at least " + required + " must succeed"));
        }

        @Override
        public R timeout() throws X {
            throw mapper.apply(new CancelledByTimeoutException());
        }
    }

    /** Returns all subtasks when a predicate holds for one of them, or when all have ended. */
    static final class AllUntil<T extends @Nullable Object> implements Joiner<T, List<Subtask<T>>, RuntimeException> {

        private final Predicate<? super Subtask<T>> isDone;
        private final SubtaskList<T> forked = new SubtaskList<>();

        AllUntil(Predicate<? super Subtask<T>> isDone) {
            this.isDone = isDone;
        }

        @Override
        public boolean onFork(Subtask<T> subtask) {
            return forked.add(subtask);
        }

        @Override
        public boolean onComplete(Subtask<T> subtask) {
            return isDone.test(ensureEnded(subtask));
        }

        @Override
        public List<Subtask<T>> result() {
            return forked.subtasks();
        }

        @Override
        public List<Subtask<T>> timeout() {
            return forked.subtasks();
        }
    }

    /** Returns the results and the failures of all subtasks. */
    static final class Collect<T extends @Nullable Object> implements ContextFree<T, Collected<T>, RuntimeException> {

        private final SubtaskList<T> forked = new SubtaskList<>();

        @Override
        public boolean onFork(Subtask<T> subtask) {
            return forked.add(subtask);
        }

        @Override
        public Collected<T> result() {
            return forked.collected(false);
        }

        @Override
        public Collected<T> timeout() {
            return forked.collected(true);
        }
    }

    /** The subtasks of a scope in the order of forking. Only the owner of the scope uses it. */
    private static final class SubtaskList<T extends @Nullable Object> {

        private final List<Subtask<T>> subtasks = new ArrayList<>();

        /** Adds a subtask. Returns false, for {@link Joiner#onFork}, which does not cancel the scope. */
        boolean add(Subtask<T> subtask) {
            subtasks.add(ensureForked(subtask));
            return false;
        }

        List<Subtask<T>> subtasks() {
            return List.copyOf(subtasks);
        }

        List<T> results() {
            List<T> results = new ArrayList<>(subtasks.size());
            for (Subtask<T> subtask : subtasks) {
                results.add(subtask.get());
            }
            return Collections.unmodifiableList(results);
        }

        Collected<T> collected(boolean timedOut) {
            List<T> successes = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            for (Subtask<T> subtask : subtasks) {
                switch (subtask.state()) {
                    case SUCCESS -> successes.add(subtask.get());
                    case FAILED -> failures.add(subtask.exception());
                    case UNAVAILABLE -> {
                        // The time was up before it ended.
                    }
                }
            }
            return new Collected<>(Collections.unmodifiableList(successes), List.copyOf(failures), timedOut);
        }
    }
}
