package dev.scopedcontext.spring.task;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskDecorator;

/**
 * Runs each task in the context in which it was submitted.
 *
 * <p>The decorator of the application is kept, and the task that it returns runs in the context. A decorator that
 * captures the context itself, as one of Micrometer does, usually hands it over to the task. The task that it returns
 * then runs without a context of this decorator, and the decorated task enters the context only if the decorator has
 * not handed it over.
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
        Runnable toDecorate = DecoratedTask.of(submission, context, task);
        Runnable decorated = submission.call(() -> inner.decorate(toDecorate));
        if (decorated == toDecorate) {
            return ExecutedTask.in(context, task);
        }
        return submission.isCaptured() ? decorated : ExecutedTask.in(context, decorated);
    }
}
