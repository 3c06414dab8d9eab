package dev.scopedcontext.task;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Checks the subtask that a joiner is told of. A joiner may be called by a joiner that delegates to it. */
final class JoinerArgument {

    private JoinerArgument() {
    }

    /** Checks a subtask that is about to start. */
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
            throw new IllegalArgumentException(
                    "onComplete() was called with " + subtask + ", which has neither succeeded"
                            + " nor failed. Call it with a subtask that has ended");
        }
        return subtask;
    }
}
