package dev.scopedcontext.task;

import org.jspecify.annotations.Nullable;

/** What all have ended with, in two lists. */
final class Collect<T extends @Nullable Object> implements OwnJoiner<T, Collected<T>, RuntimeException> {

    private final Forked<T> forked = new Forked<>();

    @Override
    public boolean onFork(Subtask<T> subtask) {
        forked.add(JoinerArgument.ensureForked(subtask));
        return false;
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
