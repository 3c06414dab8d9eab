package dev.scopedcontext.spring.task;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskDecorator;

/**
 * Runs each task in the context in which it was submitted.
 *
 * <p>The decorator of the application is kept. It receives the same task as without this decorator, and what it returns
 * runs in the context. If it captures the context itself, as a decorator of Micrometer does, it also hands the context
 * over, and this decorator adds nothing.
 *
 * @param inner the decorator of the application, or null
 */
record ContextTaskDecorator(@Nullable TaskDecorator inner) implements TaskDecorator {

    @Override
    public Runnable decorate(Runnable task) {
        ContextSnapshot context = ScopedContext.capture();
        TaskDecorator inner = this.inner;
        if (inner == null) {
            return ExecutedTask.in(context, task);
        }
        Submission submission = new Submission();
        Runnable decorated = submission.call(() -> inner.decorate(task));
        return submission.isCaptured() ? decorated : ExecutedTask.in(context, decorated);
    }
}
