package dev.scopedcontext.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Garbage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Executors that execute a submitted task and return a future of their own. */
@ExtendWith(CleanThread.class)
class ExecutedSubmissionsTest {

    private static final ContextKey<Object> KEY = ContextKey.named("key");

    private final List<Runnable> queue = new ArrayList<>();
    private final List<Future<?>> kept = new ArrayList<>();
    private final List<Object> log = new ArrayList<>();
    private final Runnable task = () -> log.add(KEY.get());

    /** The plain queue, and the same queue behind an executor that propagates the context itself. */
    static List<Function<List<Runnable>, Executor>> executors() {
        return List.of(queue -> queue::add, queue -> ContextExecutors.propagating((Executor) queue::add));
    }

    static Stream<Function<List<Runnable>, Executor>> propagatingExecutors() {
        return executors().stream().skip(1);
    }

    @ParameterizedTest
    @MethodSource("executors")
    void taskRunsAfterItsFutureHasCompleted(Function<List<Runnable>, Executor> executor) {
        submit(executor, CompletableFuture.completedFuture(null), "value");
        submit(executor, CompletableFuture.failedFuture(new IllegalStateException("not cancelled")), "other");
        assertThat(queue).hasSize(2).noneSatisfy(queued -> assertThat(queued).asString().contains("cancelled"));
        queue.forEach(Runnable::run);
        assertThat(log).containsExactly("value", "other");
    }

    @ParameterizedTest
    @MethodSource("executors")
    void taskRunsAfterItsFutureCompletesLater(Function<List<Runnable>, Executor> executor) {
        CompletableFuture<Object> future = new CompletableFuture<>();
        submit(executor, future, "value");
        future.complete("done");
        queue.forEach(Runnable::run);
        assertThat(log).containsExactly("value");
    }

    @ParameterizedTest
    @MethodSource("propagatingExecutors")
    void taskDoesNothingIfItsFutureIsCancelled(Function<List<Runnable>, Executor> executor) {
        CompletableFuture<Object> future = new CompletableFuture<>();
        submit(executor, future, "value");
        future.cancel(false);
        queue.forEach(Runnable::run);
        assertThat(log).isEmpty();
        assertThat(queue).singleElement().hasToString(task + ", cancelled");
    }

    @ParameterizedTest
    @MethodSource("executors")
    void taskThatHasRunIsReleasedAndNotDescribedAsCancelled(Function<List<Runnable>, Executor> executor)
            throws InterruptedException {
        Garbage garbage = new Garbage();
        CompletableFuture<Object> completable = new CompletableFuture<>();
        submit(executor, completable, garbage.add("of a CompletableFuture", new Object()));
        submit(executor, ForkJoinTask.adapt(() -> "done"),
                garbage.add("of a ForkJoinTask", new Object()));
        queue.forEach(Runnable::run);
        completable.complete("done");
        assertThat(log).hasSize(2);
        log.clear();
        garbage.assertCollected();
        assertThat(queue).hasSize(2).allSatisfy(queued -> assertThat(queued).hasToString(task.toString()));
        assertThat(kept).hasSize(2).noneMatch(Future::isCancelled);
    }

    @Test
    void taskThatHasRunBeforeTheFutureIsReturnedIsReleased() throws InterruptedException {
        Garbage garbage = new Garbage();
        Function<List<Runnable>, Executor> direct = runnables -> ContextExecutors.propagating((Executor) runnable -> {
            runnable.run();
            runnables.add(runnable);
        });
        submit(direct, CompletableFuture.completedFuture(null), garbage.add("of a CompletableFuture", new Object()));
        submit(direct, ForkJoinTask.adapt(() -> "done"), garbage.add("of a ForkJoinTask", new Object()));
        assertThat(log).hasSize(2);
        log.clear();
        garbage.assertCollected();
        assertThat(queue).hasSize(2).allSatisfy(queued -> assertThat(queued).hasToString(task.toString()));
    }

    /** Submits the task with a value bound, to an executor that executes it and returns the given future. */
    private void submit(Function<List<Runnable>, Executor> executor, Future<?> future, Object value) {
        ExecutorService service = ContextExecutors.propagating(new Executing(executor.apply(queue), future));
        kept.add(ScopedContext.where(KEY, value).call(() -> service.submit(task)));
    }

    /** Executes each submitted task, and returns a given future. */
    private static final class Executing extends AbstractExecutorService {

        private final Executor executor;
        private final Future<?> future;

        Executing(Executor executor, Future<?> future) {
            this.executor = executor;
            this.future = future;
        }

        @Override
        public Future<?> submit(Runnable task) {
            executor.execute(task);
            return future;
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public void shutdown() {
            throw new UnsupportedOperationException("shutdown");
        }

        @Override
        public List<Runnable> shutdownNow() {
            throw new UnsupportedOperationException("shutdownNow");
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException("awaitTermination");
        }
    }
}
