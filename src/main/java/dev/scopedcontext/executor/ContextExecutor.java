package dev.scopedcontext.executor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An executor that runs each task in a context: the one that is captured at submission, or a fixed one.
 *
 * @param <E> the type of the executor that runs the tasks
 */
class ContextExecutor<E extends Executor> implements Executor {

    final E executor;

    /** The context of all tasks, or null to capture the context of each submission. */
    final @Nullable ContextSnapshot fixed;

    ContextExecutor(E executor, @Nullable ContextSnapshot fixed) {
        this.executor = executor;
        this.fixed = fixed;
    }

    static Executor of(Executor executor, @Nullable ContextSnapshot fixed) {
        if (executor instanceof ContextExecutor<?> ours) {
            return ours.fixed == fixed ? ours : new ContextExecutor<>(ours.executor, fixed);
        }
        return new ContextExecutor<>(executor, fixed);
    }

    /** Returns the original executor, for tasks that are already wrapped. */
    static Executor original(Executor executor) {
        return executor instanceof ContextExecutor<?> ours ? ours.executor : executor;
    }

    @Override
    public final void execute(Runnable command) {
        requireNonNull(command, "command");
        executor.execute(Tasks.executed(context(), command));
    }

    final ContextSnapshot context() {
        return fixed != null ? fixed : ScopedContext.capture();
    }

    @Override
    public final String toString() {
        return fixed != null ? executor + " in " + fixed : executor + " in the context of submission";
    }
}
