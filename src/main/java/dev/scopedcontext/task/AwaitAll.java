package dev.scopedcontext.task;

import org.jspecify.annotations.Nullable;

/** All must end. */
final class AwaitAll<T extends @Nullable Object> implements OwnJoiner<T, @Nullable Void, RuntimeException> {

    @Override
    public @Nullable Void result() {
        return null;
    }

    @Override
    public @Nullable Void timeout() {
        throw new CancelledByTimeoutException();
    }
}
