package dev.scopedcontext.executor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ScopedContext;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates threads that run in the context in which {@code newThread} was called.
 *
 * @param factory creates the threads
 */
record ContextThreadFactory(ThreadFactory factory) implements ThreadFactory {

    @Override
    public @Nullable Thread newThread(Runnable task) {
        requireNonNull(task, "task");
        return factory.newThread(Tasks.executed(ScopedContext.capture(), task));
    }

    @Override
    public String toString() {
        return factory + " in the context of newThread";
    }
}
