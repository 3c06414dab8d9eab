package dev.scopedcontext;

import dev.scopedcontext.internal.Log;
import dev.scopedcontext.internal.Failures;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A task or function that runs in a captured context of its own; wrapping it again changes nothing. */
interface Wrapped {

    /** What a task does if its context cannot be entered, which depends on how the refusal would become known. */
    enum Refusal {
        /** Fails: the caller or a future is told. */
        FAILS,
        /** Runs all the same: nobody would be told, and a future that waits for the task would never complete. */
        RUNS_ANYWAY,
        /** Fails and is logged, since the future of a periodic task is rarely read. */
        FAILS_LOGGED
    }

    static Runnable runnable(ContextSnapshot context, Runnable task) {
        return task instanceof Wrapped ? task : Task.of(context, task, Refusal.FAILS);
    }

    /** Wraps a task that is executed without a future; one that is wrapped already keeps its context. */
    static Runnable executed(ContextSnapshot context, Runnable task) {
        return rewrapped(context, task, Refusal.RUNS_ANYWAY);
    }

    /** Wraps a periodic task; one that is wrapped already keeps its context. */
    static Runnable periodic(ContextSnapshot context, Runnable task) {
        return rewrapped(context, task, Refusal.FAILS_LOGGED);
    }

    private static Runnable rewrapped(ContextSnapshot context, Runnable task, Refusal refusal) {
        if (task instanceof Task wrapped) {
            return wrapped.refusal == refusal ? wrapped : Task.of(wrapped.context, wrapped.task, refusal);
        }
        return Task.of(context, task, refusal);
    }

    /** Returns the task that the user gave. */
    static Runnable task(Runnable runnable) {
        return runnable instanceof Task wrapped ? wrapped.task : runnable;
    }

    /** Wraps a {@code Runnable}, as which it is what an executor queues. */
    class Task implements Runnable, Wrapped {

        private final ContextSnapshot context;
        private final Runnable task;
        private final Refusal refusal;

        Task(ContextSnapshot context, Runnable task, Refusal refusal) {
            this.context = context;
            this.task = task;
            this.refusal = refusal;
        }

        static Task of(ContextSnapshot context, Runnable task, Refusal refusal) {
            return task instanceof Comparable<?>
                    ? new ComparableTask(context, task, refusal)
                    : new Task(context, task, refusal);
        }

        @Override
        public void run() {
            switch (refusal) {
                case FAILS -> context.run(task);
                case RUNS_ANYWAY -> context.<@Nullable Void, RuntimeException>callAnyway(() -> {
                    task.run();
                    return null;
                });
                case FAILS_LOGGED -> runLogged();
            }
        }

        /** Logs a failure of the context. That of the task itself is the user's own. */
        private void runLogged() {
            @Nullable
            Throwable[] ofTask = {null};
            try {
                context.run(() -> {
                    try {
                        task.run();
                    } catch (Throwable failure) {
                        ofTask[0] = failure;
                        throw failure;
                    }
                });
            } catch (Throwable failure) {
                if (failure != ofTask[0]) {
                    log(failure);
                }
                throw failure;
            }
        }

        private void log(Throwable failure) {
            try {
                Log.warn("The periodic task " + task + " ends, since the context that it was scheduled in failed: "
                        + failure, failure);
            } catch (Throwable next) {
                Failures.add(failure, next);
            }
        }

        /** Returns the description of the user's task, since this is what rejections and queues show. */
        @Override
        public String toString() {
            return task + " in " + context;
        }
    }

    /** Compares as the user's task does, so that priority queues keep their order. */
    final class ComparableTask extends Task implements Comparable<ComparableTask> {

        ComparableTask(ContextSnapshot context, Runnable task, Refusal refusal) {
            super(context, task, refusal);
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
