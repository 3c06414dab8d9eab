package dev.scopedcontext.spring.task;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.executor.ContextExecutors;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Wraps a task as a propagating executor does for {@code execute}: the task runs even if its context cannot be entered,
 * as after a deadline. It may be the task of a future, which would otherwise never complete.
 */
final class ExecutedTask implements Executor {

    private @Nullable Runnable wrapped;

    private ExecutedTask() {
    }

    static Runnable in(ContextSnapshot context, Runnable task) {
        ExecutedTask executed = new ExecutedTask();
        ContextExecutors.fixed(executed, context).execute(task);
        return executed.wrapped != null ? executed.wrapped : task;
    }

    @Override
    public void execute(Runnable task) {
        wrapped = task;
    }
}
