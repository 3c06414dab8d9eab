package dev.scopedcontext.spring.task;

import dev.scopedcontext.ContextSnapshot;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs in the context of its submission, unless another part has already handed that context over.
 *
 * @param <T> the type of the task
 */
abstract class SubmittedTask<T> {

    final T task;
    final T inContext;
    private final Submission submission;

    private SubmittedTask(Submission submission, T task, T inContext) {
        this.submission = submission;
        this.task = task;
        this.inContext = inContext;
    }

    /** Returns the task that runs next. */
    final T next() {
        return submission.isHandedOver() ? task : inContext;
    }

    /** Returns the description of the task, since rejections and error handlers show it. */
    @Override
    public final String toString() {
        return inContext.toString();
    }

    /** Returns a task for {@code submit} and {@code schedule}. It fails if the context cannot be entered. */
    static Runnable of(Submission submission, ContextSnapshot context, Runnable task) {
        return of(submission, task, context.wrap(task));
    }

    /** Returns a task for {@code execute}. It runs even if the context cannot be entered. */
    static Runnable executed(Submission submission, ContextSnapshot context, Runnable task) {
        return of(submission, task, ExecutedTask.in(context, task));
    }

    /** Leaves a task unchanged that has a context of its own, and the order of a priority queue. */
    private static Runnable of(Submission submission, Runnable task, Runnable inContext) {
        return inContext == task || task instanceof Comparable<?>
                ? inContext
                : new OfRunnable(submission, task, inContext);
    }

    static <V extends @Nullable Object> Callable<V> of(Submission submission, ContextSnapshot context,
            Callable<V> task) {
        Callable<V> inContext = context.wrap(task);
        return inContext == task || task instanceof Comparable<?>
                ? inContext
                : new OfCallable<>(submission, task, inContext);
    }

    private static final class OfRunnable extends SubmittedTask<Runnable> implements Runnable {

        OfRunnable(Submission submission, Runnable task, Runnable inContext) {
            super(submission, task, inContext);
        }

        @Override
        public void run() {
            next().run();
        }
    }

    private static final class OfCallable<V extends @Nullable Object> extends SubmittedTask<Callable<V>>
            implements
                Callable<V> {

        OfCallable(Submission submission, Callable<V> task, Callable<V> inContext) {
            super(submission, task, inContext);
        }

        @Override
        public V call() throws Exception {
            return next().call();
        }
    }
}
