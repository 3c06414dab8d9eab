package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A subtask that was forked runs, if it was not waiting for a permit, even if its scope is cancelled before its thread
 * begins; for nobody else closes what was lent to it. It is interrupted, once.
 */
@OnEachEngine
class ForkedBeforeCancelTest {

    private static final ContextKey<String> USER = ContextKey.named("user");

    private final CountDownLatch begin = new CountDownLatch(1);
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    /** Makes threads that do not begin their subtask before they are told to, whatever happens to them meanwhile. */
    private Thread late(Runnable task) {
        return new Thread(() -> {
            boolean interrupted = false;
            while (begin.getCount() > 0) {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            task.run();
        });
    }

    private String closesWhatItWasLent() {
        seen.add(USER.get() + ", interrupted: " + Thread.interrupted() + ", again: " + Thread.interrupted());
        return "closed";
    }

    @Test
    void runsAfterTheScopeWasJoined() throws Exception {
        Subtask<String> subtask = ScopedContext.where(USER, "alice").<Subtask<String>, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>allUntil(one -> true),
                    c -> c.withThreadFactory(this::firstAtOnce))) {
                CountDownLatch bothForked = new CountDownLatch(1);
                scope.fork(() -> {
                    bothForked.await();
                    return "first";
                });
                Subtask<String> second = scope.fork(this::closesWhatItWasLent);
                bothForked.countDown();
                scope.join();
                assertThat(second.state()).isEqualTo(Subtask.State.UNAVAILABLE);
                begin.countDown();
                return second;
            }
        });
        assertThat(seen).containsExactly("alice, interrupted: true, again: false");
        assertThat(subtask.state()).isEqualTo(Subtask.State.UNAVAILABLE);
    }

    private final AtomicInteger made = new AtomicInteger();

    private Thread firstAtOnce(Runnable task) {
        return made.incrementAndGet() == 1 ? new Thread(task) : late(task);
    }

    @Test
    void runsAfterTheScopeWasClosedWithoutJoin() {
        assertThatThrownBy(() -> ScopedContext.where(USER, "alice").<Void, Exception>call(() -> {
            try (var scope = TaskScope.<String>open(c -> c.withThreadFactory(this::late))) {
                scope.fork(this::closesWhatItWasLent);
                beginWhenCancelled(scope);
            }
            return null;
        })).isInstanceOf(NotJoinedException.class);
        assertThat(seen).containsExactly("alice, interrupted: true, again: false");
    }

    private void beginWhenCancelled(TaskScope<?, ?, ?> scope) {
        new Thread(() -> {
            while (!scope.isCancelled()) {
                Thread.onSpinWait();
            }
            begin.countDown();
        }).start();
    }

    @Test
    void runsAfterTheDeadline() throws Exception {
        ManualTicker clock = new ManualTicker();
        Deadline deadline = Deadline.after(clock, Duration.ofSeconds(1));
        ScopedContext.where(USER, "alice").<Void, Exception>call(() -> {
            try (var scope = TaskScope.open(Joiner.<String>collect(),
                    c -> c.withThreadFactory(this::late).withDeadline(deadline))) {
                scope.fork(() -> {
                    assertThat(Deadline.current()).isSameAs(deadline);
                    return closesWhatItWasLent();
                });
                clock.advance(Duration.ofSeconds(1));
                begin.countDown();
                assertThat(scope.join().timedOut()).isTrue();
            }
            return null;
        });
        assertThat(seen).containsExactly("alice, interrupted: true, again: false");
    }

    @Test
    void runsAfterADeadlineWhoseAlarmIsLate() throws Exception {
        ManualTicker clock = new ManualTicker();
        ScopedContext.where(USER, "alice").where(Deadline.KEY, Deadline.after(clock, Duration.ofSeconds(1)))
                .<Void, Exception>call(() -> {
                    try (var scope = TaskScope.open(Joiner.<String>collect(), c -> c.withThreadFactory(this::late))) {
                        scope.fork(this::closesWhatItWasLent);
                        clock.advanceWithoutAlarms(Duration.ofSeconds(1));
                        begin.countDown();
                        assertThat(scope.join().timedOut()).isTrue();
                    }
                    return null;
                });
        assertThat(seen).containsExactly("alice, interrupted: true, again: false");
    }

    @Test
    void whatItHandsOverUnderAPassedDeadlineIsRefusedAsElsewhere() throws Exception {
        ManualTicker clock = new ManualTicker();
        try (var scope = TaskScope.open(Joiner.<String>collect(), c -> c.withThreadFactory(this::late)
                .withDeadline(Deadline.after(clock, Duration.ofSeconds(1))))) {
            scope.fork(() -> {
                assertThatThrownBy(() -> ScopedContext.capture().run(() -> seen.add("never")))
                        .isInstanceOf(DeadlineExceededException.class);
                seen.add("refused");
                return "a";
            });
            clock.advance(Duration.ofSeconds(1));
            begin.countDown();
            scope.join();
        }
        assertThat(seen).containsExactly("refused");
    }

    /** Cancelled by the failure of the first, at any time while the others begin. */
    @Test
    void allThatWereForkedRunAndEachIsInterruptedAtMostOnce() throws Exception {
        for (int round = 0; round < 300; round++) {
            AtomicInteger ran = new AtomicInteger();
            int forked = 0;
            AtomicInteger twice = new AtomicInteger();
            try (var scope = TaskScope.<Object>open()) {
                scope.fork(() -> {
                    throw new IllegalStateException("first");
                });
                for (int i = 0; i < 9 && !scope.isCancelled(); i++) {
                    Subtask<Object> subtask = scope.fork(() -> {
                        ran.incrementAndGet();
                        if (Thread.interrupted()) {
                            Thread.onSpinWait();
                            twice.addAndGet(Thread.interrupted() ? 1 : 0);
                        }
                        return "x";
                    });
                    forked++;
                    assertThat(subtask.toString()).startsWith("Subtask[");
                }
                assertThatThrownBy(scope::join).isInstanceOf(ExecutionException.class);
            }
            // The last one may have been forked after the cancellation.
            assertThat(ran.get()).isBetween(forked - 1, forked);
            assertThat(twice).hasValue(0);
        }
    }
}
