package dev.scopedcontext.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The first so many that succeed. */
final class FirstSuccesses<T extends @Nullable Object, R extends @Nullable Object, X extends Throwable>
        implements
            OwnJoiner<T, R, X> {

    private final int wanted;
    private final Function<Throwable, X> mapper;
    private final Function<? super List<T>, ? extends R> finisher;

    /** Guarded by this. */
    private final List<T> results = new ArrayList<>();
    private @Nullable Throwable firstFailure;

    FirstSuccesses(int wanted, Function<Throwable, X> mapper, Function<? super List<T>, ? extends R> finisher) {
        this.wanted = wanted;
        this.mapper = mapper;
        this.finisher = finisher;
    }

    @Override
    public synchronized boolean onComplete(Subtask<T> subtask) {
        if (JoinerArgument.ensureEnded(subtask).state() == Subtask.State.FAILED) {
            firstFailure = firstFailure == null ? subtask.exception() : firstFailure;
            return false;
        }
        if (results.size() < wanted) {
            results.add(subtask.get());
        }
        return results.size() == wanted;
    }

    @Override
    public synchronized R result() throws X {
        if (results.size() == wanted) {
            return finisher.apply(Collections.unmodifiableList(results));
        }
        throw mapper.apply(firstFailure != null
                ? firstFailure
                : new NoSuchElementException(results.size() + " subtasks succeeded, and " + wanted + " had to"));
    }

    @Override
    public R timeout() throws X {
        throw mapper.apply(new CancelledByTimeoutException());
    }
}
