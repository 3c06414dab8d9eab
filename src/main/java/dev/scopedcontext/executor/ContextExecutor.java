package dev.scopedcontext.executor;

import static java.util.Objects.requireNonNull;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An executor whose tasks run in context: what is captured when they are submitted, or always the same.
 *
 * @param <E> the type of the executor that runs them
 */
class ContextExecutor<E extends Executor> implements Executor {

    final E executor;

    /** What all tasks run in, or null to capture whenever one is submitted. */
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

    /** Returns what runs the tasks, for those that bring their context already. */
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
