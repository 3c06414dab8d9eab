package dev.scopedcontext.executor;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.Worker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** H5: tasks that an executor runs again and again. */
@ExtendWith(CleanThread.class)
class PeriodicTasksTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch threeRuns = new CountDownLatch(3);
    private final AtomicInteger captures = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final ContextKey<Integer> run = ContextKey.<Integer>builder("run").handOff(new HandOff<>() {
        @Override
        public Integer capture(Integer value) {
            captures.incrementAndGet();
            return value;
        }

        @Override
        public Integer open(Integer captured) {
            return opened.incrementAndGet();
        }

        @Override
        public void close(Integer own) {
            log.add("close " + own);
            threeRuns.countDown();
        }
    }).build();

    /** A method of {@code ScheduledExecutorService}. */
    interface Schedule {

        ScheduledFuture<?> of(ScheduledExecutorService executor, Runnable task);
    }

    static List<Schedule> schedules() {
        return List.of((executor, task) -> executor.scheduleAtFixedRate(task, 0, 1, MICROSECONDS),
                (executor, task) -> executor.scheduleWithFixedDelay(task, 0, 1, MICROSECONDS));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void eachRunIsAScopeOfItsOwnInTheContextOfScheduling(Schedule schedule) throws Exception {
        try (Worker worker = new Worker(Thread::new)) {
            ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) worker);
            ScheduledFuture<?> future = ScopedContext.where(USER, "alice").where(run, 0)
                    .call(() -> schedule.of(executor, () -> {
                        ScopedContext.onExit(failure -> log.add("hook " + run.get()));
                        log.add("body " + run.get() + " " + USER.get());
                    }));
            assertThat(threeRuns.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(future.cancel(false)).isTrue();
            worker.settle();
        }
        assertThat(captures).hasValue(1);
        assertThat(log).startsWith("body 1 alice", "hook 1", "close 1", "body 2 alice", "hook 2", "close 2",
                "body 3 alice", "hook 3", "close 3");
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void failureOfARunEndsTheTask(Schedule schedule) {
        IllegalStateException failure = new IllegalStateException("run");
        try (Worker worker = new Worker(Thread::new)) {
            ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) worker);
            ScheduledFuture<?> future = ScopedContext.where(USER, "alice").call(() -> schedule.of(executor, () -> {
                log.add(USER.get());
                throw failure;
            }));
            assertThatThrownBy(() -> Worker.get(future)).isSameAs(failure);
        }
        assertThat(log).containsExactly("alice");
    }

    /** A period is over silently otherwise: nobody reads the future of a periodic task. */
    @ParameterizedTest
    @MethodSource("schedules")
    void refusalOfTheContextEndsTheTaskAndIsLoggedOnce(Schedule schedule) {
        IllegalStateException refusal = new IllegalStateException("pool exhausted");
        ContextKey<String> refusing = ContextKey.<String>builder("refusing").handOff(HandOff.perTask(captured -> {
            throw refusal;
        }, closed -> {
        })).build();
        for (boolean wrappedBefore : new boolean[]{false, true}) {
            try (LogLines lines = LogLines.capture(); Worker worker = new Worker(Thread::new)) {
                ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) worker);
                ScheduledFuture<?> future = ScopedContext.where(refusing, "x").call(() -> schedule.of(executor,
                        wrappedBefore ? ScopedContext.capture().wrap(new Beat()) : new Beat()));
                assertThatThrownBy(() -> Worker.get(future)).isSameAs(refusal);
                assertThat(lines.messages()).containsExactly("The periodic task beat ends, since the context that it"
                        + " was scheduled in failed: java.lang.IllegalStateException: pool exhausted");
                assertThat(lines.causes()).containsExactly(refusal);
                assertThat(lines.levels()).containsExactly(Level.WARNING);
            }
        }
        assertThat(log).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void failureOfTheContextAfterARunIsLoggedToo(Schedule schedule) {
        IllegalStateException failure = new IllegalStateException("close");
        ContextKey<String> failing = ContextKey.<String>builder("failing").handOff(HandOff.perTask(value -> value,
                closed -> {
                    throw failure;
                })).build();
        try (LogLines lines = LogLines.capture(); Worker worker = new Worker(Thread::new)) {
            ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) worker);
            ScheduledFuture<?> future = ScopedContext.where(failing, "x").call(() -> schedule.of(executor, new Beat()));
            assertThatThrownBy(() -> Worker.get(future)).isSameAs(failure);
            assertThat(lines.messages()).singleElement().asString().startsWith("The periodic task beat ends");
        }
        assertThat(log).containsExactly("beat");
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void failureOfTheTaskItselfIsNotLogged(Schedule schedule) {
        try (LogLines lines = LogLines.capture(); Worker worker = new Worker(Thread::new)) {
            ScheduledExecutorService executor = ContextExecutors.propagating((ScheduledExecutorService) worker);
            ScheduledFuture<?> future = ScopedContext.where(USER, "alice").call(() -> schedule.of(executor, () -> {
                throw new IllegalStateException("run");
            }));
            assertThatThrownBy(() -> Worker.get(future)).hasMessage("run");
            assertThat(lines.messages()).isEmpty();
        }
    }

    /** The task of the tests about refusals. */
    private final class Beat implements Runnable {

        @Override
        public void run() {
            log.add("beat");
        }

        @Override
        public String toString() {
            return "beat";
        }
    }
}
