package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Deadlines travel with the context, can only be tightened, and cancel what is opened under them. */
@OnEachEngine
class DeadlineTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTicker ticker = new ManualTicker();
    private final CountDownLatch never = new CountDownLatch(1);

    private Deadline after(long seconds) {
        return Deadline.after(ticker, Duration.ofSeconds(seconds));
    }

    @Test
    void tellsHowMuchTimeIsLeft() {
        Deadline deadline = after(2);
        assertThat(deadline.remaining()).isEqualTo(SECOND.multipliedBy(2));
        assertThat(deadline.isExpired()).isFalse();
        assertThat(deadline).hasToString("Deadline[in PT2S]");
        ticker.advance(SECOND.multipliedBy(3));
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.isExpired()).isTrue();
        assertThat(deadline).hasToString("Deadline[passed PT1S ago]");
    }

    @Test
    void isNeverWhereNoneIsBound() {
        assertThat(Deadline.current()).isSameAs(Deadline.never()).hasToString("Deadline[never]");
        assertThat(Deadline.current().isExpired()).isFalse();
        assertThat(Deadline.current().remaining()).isGreaterThan(Duration.ofDays(50_000));
        assertThat(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE))).hasToString("Deadline[never]");
    }

    @Test
    void canBeInThePast() {
        assertThat(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)).isExpired()).isTrue();
        assertThat(Deadline.after(Duration.ZERO).isExpired()).isTrue();
        assertThat(Deadline.at(Instant.now().minusSeconds(1)).isExpired()).isTrue();
        assertThat(Deadline.at(Instant.EPOCH).remaining()).isZero();
    }

    @Test
    void canBeATimeOfDay() {
        assertThat(Deadline.at(Instant.now().plusSeconds(60)).remaining()).isBetween(SECOND.multipliedBy(50),
                SECOND.multipliedBy(60));
        assertThat(Deadline.at(Instant.MAX).isExpired()).isFalse();
    }

    @Test
    void aNestedDeadlineCanOnlyTighten() {
        Deadline near = after(1);
        Deadline far = after(2);
        ScopedContext.where(Deadline.KEY, near).run(() -> {
            ScopedContext.where(Deadline.KEY, far).run(() -> {
                assertThat(Deadline.current()).isSameAs(near);
                assertThat(Deadline.KEY.get()).isSameAs(near);
            });
            Deadline.within(Duration.ofDays(1)).run(() -> assertThat(Deadline.current()).isSameAs(near));
        });
        ScopedContext.where(Deadline.KEY, far).run(() -> ScopedContext.where(Deadline.KEY, near)
                .run(() -> assertThat(Deadline.current()).isSameAs(near)));
    }

    @Test
    void withinBindsAndPassesCheckedExceptionsOn() throws Exception {
        Duration left = Deadline.within(SECOND).<Duration, Exception>call(() -> Deadline.current().remaining());
        assertThat(left).isPositive().isLessThanOrEqualTo(SECOND);
    }

    @Test
    void aScopeOpenedUnderADeadlineIsCancelledWhenItPasses() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        ScopedContext.where(Deadline.KEY, after(1)).<Void, Exception>call(() -> {
            CountDownLatch waiting = new CountDownLatch(1);
            try (var scope = TaskScope.open()) {
                scope.fork(() -> {
                    waiting.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                });
                waiting.await();
                assertThat(scope.isCancelled()).isFalse();
                ticker.advance(SECOND);
                assertThat(scope.isCancelled()).isTrue();
                assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(CancelledByTimeoutException.class);
            }
            return null;
        });
        assertThat(interrupted).isTrue();
        assertThat(ticker.pending()).isZero();
    }

    @Test
    void ofDeadlinesAndTimeoutTheEarliestCountsAndIsTheSubtasks() throws Exception {
        Deadline near = after(1);
        try (var scope = TaskScope.open(Joiner.<Deadline>allSuccessfulOrThrow(),
                c -> c.withDeadline(near).withTimeout(Duration.ofDays(1)))) {
            scope.fork(Deadline::current);
            assertThat(scope.join()).containsExactly(near);
        }
        ScopedContext.where(Deadline.KEY, near).<Void, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<Deadline>allSuccessfulOrThrow(), c -> c.withDeadline(after(2)))) {
                scope.fork(Deadline::current);
                assertThat(scope.join()).containsExactly(near);
            }
            return null;
        });
        assertThat(ticker.pending()).isZero();
    }

    @Test
    void aScopeOpenedAfterItsDeadlineIsCancelledAtOnce() throws Exception {
        Deadline deadline = after(1);
        ticker.advance(SECOND);
        AtomicBoolean ran = new AtomicBoolean();
        try (var scope = TaskScope.open(Joiner.collect(), c -> c.withDeadline(deadline))) {
            assertThat(scope.isCancelled()).isTrue();
            scope.fork(() -> ran.set(true));
            assertThat(scope.join().timedOut()).isTrue();
        }
        assertThat(ran).isFalse();
    }

    @Test
    void aFailureThatComesOfTheDeadlineIsATimeoutThoughTheAlarmIsLate() throws Exception {
        Deadline deadline = after(1);
        CountDownLatch passed = new CountDownLatch(1);
        try (var scope = TaskScope.open(Joiner.<Object>allSuccessfulOrThrow(), c -> c.withDeadline(deadline))) {
            scope.fork(() -> {
                passed.await();
                throw new CancelledByTimeoutException();
            });
            ticker.advanceWithoutAlarms(SECOND);
            passed.countDown();
            assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(CancelledByTimeoutException.class);
            assertThat(scope.isCancelled()).isTrue();
        }
    }

    @Test
    void aScopeThatIsJoinedInTimeSetsItsAlarmOff() throws Exception {
        try (var scope = TaskScope.open(c -> c.withDeadline(after(1)))) {
            scope.fork(() -> "done");
            scope.join();
            assertThat(ticker.pending()).isZero();
        }
        TaskScope.open(c -> c.withDeadline(after(1))).close();
        assertThat(ticker.pending()).isZero();
    }

    @Test
    void aTaskThatIsHandedOverIsNotRunAfterItsDeadline() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        ContextSnapshot snapshot = ScopedContext.where(Deadline.KEY, after(1)).call(ScopedContext::capture);
        FutureTask<Boolean> task = new FutureTask<>(snapshot.wrap(() -> ran.getAndSet(true)));
        ticker.advance(SECOND.multipliedBy(2));
        task.run();
        assertThatThrownBy(task::get).isInstanceOf(ExecutionException.class).cause()
                .isInstanceOf(DeadlineExceededException.class).isInstanceOf(RejectedExecutionException.class)
                .hasMessage("The deadline passed PT1S ago, before the task that was handed over under it began, so the"
                        + " task is not run");
        assertThat(ran).isFalse();
    }

    @Test
    void nullIsRefused() {
        assertThatThrownBy(() -> Deadline.after(null)).isInstanceOf(NullPointerException.class).hasMessage("time");
        assertThatThrownBy(() -> Deadline.at(null)).isInstanceOf(NullPointerException.class).hasMessage("time");
    }

    @Test
    void boundToNullItIsNoDeadline() {
        ScopedContext.where(Deadline.KEY, null).run(() -> {
            assertThat(Deadline.current()).isSameAs(Deadline.never());
            assertThat(ScopedContext.capture().<Deadline, RuntimeException>call(Deadline::current))
                    .isSameAs(Deadline.never());
            Deadline around = Deadline.after(SECOND);
            ScopedContext.where(Deadline.KEY, around).run(() -> ScopedContext.where(Deadline.KEY, null)
                    .run(() -> assertThat(Deadline.current()).isSameAs(around)));
        });
    }

    @Test
    void aJoinerIsToldOfTheTimeOutWhenTheDeadlinePassesBeforeTheContextIsHandedOverToIt() throws Exception {
        ManualTicker clock = new ManualTicker();
        AtomicInteger told = new AtomicInteger();
        Joiner<String, String, RuntimeException> joiner = new Joiner<>() {
            @Override
            public boolean onComplete(Subtask<String> subtask) {
                told.incrementAndGet();
                return false;
            }

            @Override
            public String result() {
                return "in time";
            }

            @Override
            public String timeout() {
                return "late";
            }
        };
        Deadline deadline = Deadline.after(clock, Duration.ofSeconds(1));
        try (var scope = TaskScope.open(joiner, c -> c.withDeadline(deadline))) {
            scope.fork(() -> {
                clock.advanceWithoutAlarms(Duration.ofSeconds(1));
                return "done";
            });
            assertThat(scope.join()).isEqualTo("late");
        }
        assertThat(told).hasValue(0);
    }
}
