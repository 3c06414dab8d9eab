package dev.scopedcontext.task;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All subtasks, when one is found for which a predicate holds. */
final class AllUntil<T extends @Nullable Object> implements Joiner<T, List<Subtask<T>>, RuntimeException> {

    private final Predicate<? super Subtask<T>> isDone;
    private final Forked<T> forked = new Forked<>();

    AllUntil(Predicate<? super Subtask<T>> isDone) {
        this.isDone = isDone;
    }

    @Override
    public boolean onFork(Subtask<T> subtask) {
        forked.add(JoinerArgument.ensureForked(subtask));
        return false;
    }

    @Override
    public boolean onComplete(Subtask<T> subtask) {
        return isDone.test(JoinerArgument.ensureEnded(subtask));
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
