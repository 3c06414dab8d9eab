package dev.scopedcontext;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task or function that runs in a captured context of its own; wrapping it again changes nothing. */
interface Wrapped {

    static Runnable runnable(ContextSnapshot context, Runnable task) {
        if (task instanceof Wrapped) {
            return task;
        }
        return task instanceof Comparable<?> ? new ComparableTask(context, task) : new Task(context, task);
    }

    /** Returns the task that the user gave. */
    static Runnable task(Runnable runnable) {
        return runnable instanceof Task wrapped ? wrapped.task : runnable;
    }

    /** Wraps a {@code Runnable}, as which it is what an executor queues. */
    class Task implements Runnable, Wrapped {

        private final ContextSnapshot context;
        private final Runnable task;

        Task(ContextSnapshot context, Runnable task) {
            this.context = context;
            this.task = task;
        }

        @Override
        public void run() {
            context.run(task);
        }

        /** Returns the description of the user's task, since this is what rejections and queues show. */
        @Override
        public String toString() {
            return task + " in " + context;
        }
    }

    /** Compares as the user's task does, so that priority queues keep their order. */
    final class ComparableTask extends Task implements Comparable<ComparableTask> {

        ComparableTask(ContextSnapshot context, Runnable task) {
            super(context, task);
        }

        @Override
        @SuppressWarnings("unchecked")
        public int compareTo(ComparableTask other) {
            return ((Comparable<Object>) Wrapped.task(this)).compareTo(Wrapped.task(other));
        }
    }

    /** Wraps a {@code Callable}. */
    final class Call<V extends @Nullable Object> implements Callable<V>, Wrapped {

        private final ContextSnapshot context;
        private final Callable<V> task;

        Call(ContextSnapshot context, Callable<V> task) {
            this.context = context;
            this.task = task;
        }

        @Override
        public V call() throws Exception {
            return context.call(task::call);
        }

        @Override
        public String toString() {
            return task + " in " + context;
        }
    }
}
