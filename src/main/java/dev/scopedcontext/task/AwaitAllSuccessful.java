package dev.scopedcontext.task;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All must succeed. */
final class AwaitAllSuccessful<T extends @Nullable Object, X extends Throwable>
        implements
            OwnJoiner<T, @Nullable Void, X> {

    private final Function<Throwable, X> mapper;
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

    AwaitAllSuccessful(Function<Throwable, X> mapper) {
        this.mapper = mapper;
    }

    @Override
    public boolean onComplete(Subtask<T> subtask) {
        return JoinerArgument.ensureEnded(subtask).state() == Subtask.State.FAILED
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
