package dev.scopedcontext.executor;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tasks that run in a context already when they are given to an executor. */
@ExtendWith(CleanThread.class)
class WrappedTasksTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final CountDownLatch busy = new CountDownLatch(1);
    private final List<Object> log = new CopyOnWriteArrayList<>();

    /** A task with an order of its own. */
    record Job(int rank, Runnable body) implements Runnable, Callable<Object>, Comparable<Job> {

        @Override
        public void run() {
            body.run();
        }

        @Override
        public Object call() {
            body.run();
            return rank;
        }

        @Override
        public int compareTo(Job other) {
            return Integer.compare(rank, other.rank);
        }

        @Override
        public String toString() {
            return "job " + rank;
        }
    }

    /** A future with the order of its task. */
    @SuppressWarnings("ComparableType")
    private static final class RankedFuture<V> extends FutureTask<V> implements Comparable<Object> {

        private final Object task;

        RankedFuture(Runnable task, V result) {
            super(task, result);
            this.task = task;
        }

        RankedFuture(Callable<V> task) {
            super(task);
            this.task = task;
        }

        @Override
        @SuppressWarnings("unchecked")
        public int compareTo(Object other) {
            return ((Comparable<Object>) task).compareTo(((RankedFuture<?>) other).task);
        }
    }

    /** Submits a job. */
    interface Submission {

        Future<?> to(ExecutorService executor, Job job, ContextSnapshot context);
    }

    static List<Submission> submissions() {
        return List.of((executor, job, context) -> executor.submit((Runnable) job),
                (executor, job, context) -> executor.submit((Runnable) job, "done"),
                (executor, job, context) -> executor.submit((Callable<?>) job),
                (executor, job, context) -> executor.submit(context.wrap((Runnable) job)),
                (executor, job, context) -> executor.submit(context.wrap((Callable<?>) job)),
                (executor, job, context) -> executor.submit(SubmittedTask.OfRunnable.in(context, job)),
                (executor, job, context) -> executor.submit(SubmittedTask.OfCallable.in(context, job)),
                (executor, job, context) -> executor.submit(Tasks.periodic(context, job)),
                (executor, job, context) -> executor.submit(Tasks.executed(context, job)));
    }

    @ParameterizedTest
    @MethodSource("submissions")
    void futuresMayCompareTheTasksThatTheyAreMadeOf(Submission submission) throws Exception {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, SECONDS, new PriorityBlockingQueue<>()) {
            @Override
            protected <V> RunnableFuture<V> newTaskFor(Runnable task, V result) {
                return new RankedFuture<>(task, result);
            }

            @Override
            protected <V> RunnableFuture<V> newTaskFor(Callable<V> task) {
                return new RankedFuture<>(task);
            }
        };
        ExecutorService executor = ContextExecutors.propagating((ExecutorService) pool);
        Future<?> first = executor.submit((Runnable) new Job(0, this::waitUntilFree));
        ScopedContext.where(USER, "alice").run(() -> {
            ContextSnapshot context = ScopedContext.capture();
            for (int rank : new int[]{3, 1, 2}) {
                Future<?> unused = submission.to(executor, new Job(rank, () -> log.add(rank + " " + USER.get())),
                        context);
            }
            Future<?> unused = executor.submit((Runnable) new Job(4, () -> log.add(4)));
        });
        busy.countDown();
        executor.shutdown();
        assertThat(executor.awaitTermination(60, SECONDS)).isTrue();
        assertThat(first.isDone()).isTrue();
        assertThat(log).containsExactly("1 alice", "2 alice", "3 alice", 4);
    }

    static List<UnaryOperator<Runnable>> forms() {
        ContextSnapshot context = ContextSnapshot.empty();
        return List.of(context::wrap, task -> Tasks.executed(context, task), task -> Tasks.periodic(context, task),
                task -> SubmittedTask.OfRunnable.in(context, task),
                task -> SubmittedTask.OfRunnable.in(context, task).lenient());
    }

    @Test
    void unwrapReturnsTheUsersTaskHoweverOftenItWasWrapped() {
        Job job = new Job(1, busy::countDown);
        for (UnaryOperator<Runnable> inner : forms()) {
            for (UnaryOperator<Runnable> outer : forms()) {
                Runnable task = outer.apply(inner.apply(job));
                assertThat(ContextExecutors.unwrap(task)).isSameAs(job);
                assertThat(task).isInstanceOf(Comparable.class).hasToString("job 1 in ContextSnapshot[]");
            }
        }
        assertThat(ContextExecutors.unwrap(job)).isSameAs(job);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void wrappedTasksCompareAsTheUsersTasksDo() {
        for (UnaryOperator<Runnable> form : forms()) {
            for (UnaryOperator<Runnable> other : forms()) {
                Comparable task = (Comparable) form.apply(new Job(1, busy::countDown));
                assertThat(task.compareTo(other.apply(form.apply(new Job(2, busy::countDown))))).isNegative();
                assertThat(task.compareTo(other.apply(form.apply(new Job(1, busy::countDown))))).isZero();
                assertThat(task.compareTo(new Job(0, busy::countDown))).isPositive();
            }
        }
    }

    @Test
    void scheduledTasksStayComparable() throws Exception {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1) {
            @Override
            protected <V> RunnableScheduledFuture<V> decorateTask(Runnable task, RunnableScheduledFuture<V> future) {
                log.add(task instanceof Comparable<?>);
                return future;
            }

            @Override
            protected <V> RunnableScheduledFuture<V> decorateTask(Callable<V> task, RunnableScheduledFuture<V> future) {
                log.add(task instanceof Comparable<?>);
                return future;
            }
        };
        ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) pool);
        Job job = new Job(1, busy::countDown);
        List<Future<?>> futures = new ArrayList<>(List.of(executor.schedule((Runnable) job, 1, DAYS),
                executor.schedule((Callable<?>) job, 1, DAYS), executor.scheduleAtFixedRate(job, 1, 1, DAYS),
                executor.scheduleWithFixedDelay(job, 1, 1, DAYS)));
        assertThat(log).containsExactly(true, true, true, true);
        futures.forEach(future -> future.cancel(false));
        executor.shutdownNow();
        assertThat(executor.awaitTermination(60, SECONDS)).isTrue();
    }

    @Test
    void cancelledTaskThatIsExecutedDoesNothing() {
        Runnable task = () -> log.add("ran");
        SubmittedTask.OfRunnable submitted = SubmittedTask.OfRunnable.in(ContextSnapshot.empty(), task);
        List<Runnable> queue = new ArrayList<>();
        Executor executor = ContextExecutors.propagating((Executor) queue::add);
        executor.execute(submitted);
        submitted.close();
        executor.execute(submitted);
        queue.forEach(Runnable::run);
        assertThat(queue).hasSize(2).allSatisfy(queued -> {
            assertThat(queued).hasToString(task + ", cancelled");
            assertThat(ContextExecutors.unwrap(queued)).isSameAs(task);
        });
        assertThat(log).isEmpty();
    }

    @Test
    void submittedTaskThatIsExecutedRunsEvenIfItsContextRefuses() {
        ContextKey<String> refused = ContextKey.<String>builder("refused").handOff(HandOff.perTask(value -> {
            throw new IllegalStateException("refused");
        }, log::add)).build();
        SubmittedTask.OfRunnable submitted = ScopedContext.where(refused, "value").where(USER, "alice")
                .call(() -> SubmittedTask.OfRunnable.in(ScopedContext.capture(), () -> log.add(USER.get())));
        assertThatThrownBy(submitted::run).hasMessage("refused");
        assertThat(log).isEmpty();
        ContextExecutors.propagating((Executor) Runnable::run).execute(submitted);
        assertThat(log).containsExactly("alice");
    }

    @Test
    void completedTaskIsNotDescribedAsCancelled() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        Future<?> future = ContextExecutors.propagating((ExecutorService) pool)
                .submit((Runnable) new Job(1, busy::countDown));
        future.get();
        assertThat(future).asString().doesNotContain("cancelled");
        pool.shutdown();
        assertThat(pool.awaitTermination(60, SECONDS)).isTrue();
    }

    private void waitUntilFree() {
        try {
            busy.await();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
