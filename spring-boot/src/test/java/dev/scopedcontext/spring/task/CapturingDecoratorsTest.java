package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.spring.support.TaskValues;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;

/** Decorators of the application that capture the context, and do not always hand it over to the task. */
class CapturingDecoratorsTest {

    private final AtomicInteger handOffs = new AtomicInteger();

    @Test
    void decoratorMaySubmitAnotherTask() throws Exception {
        CompletableFuture<String> counted = new CompletableFuture<>();
        Executor metrics = ContextExecutors.propagating((Executor) Runnable::run);
        assertTaskIsHandedOver(task -> {
            metrics.execute(() -> counted.complete(TaskValues.user()));
            return task;
        }, 4);
        assertThat(counted.get(10, TimeUnit.SECONDS)).isEqualTo("alice");
    }

    @Test
    void decoratorMayCaptureForWhatFollowsTheTask() throws Exception {
        assertTaskIsHandedOver(task -> {
            ContextSnapshot context = ScopedContext.capture();
            return () -> {
                try {
                    task.run();
                } finally {
                    context.run(() -> {
                    });
                }
            };
        }, 4);
    }

    @Test
    void decoratorMayCaptureAndHandOver() throws Exception {
        assertTaskIsHandedOver(task -> ScopedContext.capture().wrap(() -> task.run()), 2);
    }

    /** Also counts the hand-overs by the decorator of two tasks. */
    private void assertTaskIsHandedOver(TaskDecorator decorator, int expected) throws Exception {
        SimpleAsyncTaskExecutor executor = executor(decorator);
        executor.setTaskTerminationTimeout(10_000);
        CompletableFuture<String> executed = new CompletableFuture<>();
        bind("alice", handOffs).run(() -> executor.execute(() -> executed.complete(TaskValues.user())));
        assertThat(executed.get(10, TimeUnit.SECONDS)).isEqualTo("alice");
        assertThat(bind("alice", handOffs).call(() -> executor.submit(TaskValues::user)).get(10, TimeUnit.SECONDS))
                .isEqualTo("alice");
        executor.close();
        assertThat(handOffs).hasValue(expected);
    }

    @Test
    void decoratorMayAskTheTaskForItsResult() throws Exception {
        CompletableFuture<FutureTask<?>> seen = new CompletableFuture<>();
        AsyncTaskExecutor executor = executor(task -> () -> {
            task.run();
            seen.complete((FutureTask<?>) task);
        });
        Future<?> failing = executor.submit(() -> {
            throw new IllegalStateException("no result");
        });
        FutureTask<?> task = seen.get(10, TimeUnit.SECONDS);
        assertThat(failing.isDone()).isTrue();
        assertThat(task.isDone()).isTrue();
        assertThatThrownBy(task::get).isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class).hasRootCauseMessage("no result");
        assertThatThrownBy(() -> task.get(1, TimeUnit.SECONDS)).hasRootCauseMessage("no result");
    }

    @Test
    void cancelledTaskDoesNotRun() throws Exception {
        CompletableFuture<FutureTask<?>> decorated = new CompletableFuture<>();
        SimpleAsyncTaskExecutor executor = executor(task -> {
            decorated.complete((FutureTask<?>) task);
            return () -> {
            };
        });
        AtomicInteger runs = new AtomicInteger();
        Future<?> future = executor.submit(() -> {
            runs.incrementAndGet();
        });
        FutureTask<?> task = decorated.get(10, TimeUnit.SECONDS);
        assertThat(task.isCancelled()).isFalse();
        assertThat(future.cancel(false)).isTrue();
        assertThat(task.isCancelled()).isTrue();
        task.run();
        assertThat(runs).hasValue(0);
        assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
        assertThat(task.cancel(true)).isFalse();
    }

    private static SimpleAsyncTaskExecutor executor(TaskDecorator decorator) {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
        executor.setTaskDecorator(new ContextTaskDecorator(decorator));
        return executor;
    }
}
