package dev.scopedcontext.task;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All must succeed; their results, in the order of forking. */
final class AllSuccessful<T extends @Nullable Object, X extends Throwable> implements OwnJoiner<T, List<T>, X> {

    private final AwaitAllSuccessful<T, X> all;
    private final Forked<T> forked = new Forked<>();

    AllSuccessful(Function<Throwable, X> mapper) {
        this.all = new AwaitAllSuccessful<>(mapper);
    }

    @Override
    public boolean onFork(Subtask<T> subtask) {
        forked.add(JoinerArgument.ensureForked(subtask));
        return false;
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
