package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cancellation interrupts each subtask once, and an interrupt of the owner while it closes is no cancellation. */
@OnEachEngine
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptsTest {

    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch cleanUp = new CountDownLatch(1);
    private final AtomicInteger interrupts = new AtomicInteger();

    /** Waits to be interrupted, and then to be let go on; counts the interrupts. */
    private Void cleansUp() {
        CountDownLatch awaited = never;
        while (cleanUp.getCount() > 0) {
            try {
                awaited.await();
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
                interrupted.countDown();
                awaited = cleanUp;
            }
        }
        if (Thread.interrupted()) {
            interrupts.incrementAndGet();
        }
        return null;
    }

    /** Interrupts a thread when it waits for the clean-up, and lets that go on afterwards. */
    private Thread interruptWhileItCloses(Thread owner, int times) {
        Thread interrupting = new Thread(() -> {
            try {
                closing.await();
                interrupted.await();
                for (int i = 0; i < times; i++) {
                    await(owner);
                    owner.interrupt();
                    while (owner.isInterrupted()) {
                        Thread.onSpinWait(); // until the wait has noticed it
                    }
                }
                await(owner);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                cleanUp.countDown();
            }
        });
        interrupting.start();
        return interrupting;
    }

    private static void await(Thread waiting) {
        while (waiting.getState() != Thread.State.WAITING && waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private void ownerIsInterruptedWhileItCloses(UnaryOperator<TaskScope.Configuration> configuration)
            throws Exception {
        Thread interrupting = null;
        try (var scope = TaskScope.open(Joiner.<String>anySuccessfulOrThrow(), configuration)) {
            CountDownLatch begun = new CountDownLatch(1);
            scope.fork(() -> {
                begun.countDown();
                cleansUp();
                return "late";
            });
            begun.await();
            interrupting = interruptWhileItCloses(Thread.currentThread(), 3);
            scope.fork(() -> "won");
            assertThat(scope.join()).isEqualTo("won");
            closing.countDown();
        }
        assertThat(Thread.interrupted()).isTrue();
        interrupting.join();
        assertThat(interrupts).hasValue(1);
    }

    @Test
    void interruptOfTheOwnerIsKeptAndNotPassedOn() throws Exception {
        ownerIsInterruptedWhileItCloses(c -> c);
    }

    @Test
    void interruptOfTheOwnerIsNotPassedOnToThreadsOfTheUser() throws Exception {
        ownerIsInterruptedWhileItCloses(c -> c.withThreadFactory(Thread::new));
    }

    @Test
    void interruptOfTheOwnerIsNotPassedOnToThreadsOfTheUserThatGoOnAfterTheirSubtask() throws Exception {
        CountDownLatch goesOn = new CountDownLatch(1);
        ThreadFactory factory = task -> new Thread(() -> {
            task.run();
            goesOn.countDown();
            cleansUp();
        });
        try (var scope = TaskScope.open(Joiner.<String>allSuccessfulOrThrow(), c -> c.withThreadFactory(factory))) {
            scope.fork(() -> "a");
            scope.join();
            goesOn.await();
            Thread owner = Thread.currentThread();
            new Thread(() -> {
                while (closing.getCount() > 0) {
                    Thread.onSpinWait();
                }
                await(owner);
                owner.interrupt();
                while (owner.isInterrupted()) {
                    Thread.onSpinWait();
                }
                await(owner);
                cleanUp.countDown();
                never.countDown();
            }).start();
            closing.countDown();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupts).hasValue(0);
    }

    @Test
    void closingWithoutJoinInterruptsOnce() throws Exception {
        Thread[] interrupting = new Thread[1];
        assertThatThrownBy(() -> {
            try (var scope = TaskScope.<Void>open()) {
                CountDownLatch begun = new CountDownLatch(1);
                scope.fork(() -> {
                    begun.countDown();
                    return cleansUp();
                });
                begun.await();
                interrupting[0] = interruptWhileItCloses(Thread.currentThread(), 1);
                closing.countDown();
            }
        }).isInstanceOf(NotJoinedException.class);
        assertThat(Thread.interrupted()).isTrue();
        interrupting[0].join();
        assertThat(interrupts).hasValue(1);
    }

    @Test
    void ownerThatIsInterruptedInJoinCancelsOnce() throws Exception {
        Thread[] interrupting = new Thread[1];
        assertThatThrownBy(() -> {
            try (var scope = TaskScope.<Void>open()) {
                scope.fork(this::cleansUp);
                interrupting[0] = interruptWhileItCloses(Thread.currentThread(), 1);
                Thread.currentThread().interrupt();
                try {
                    scope.join();
                } finally {
                    closing.countDown();
                }
            }
        }).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        interrupting[0].join();
        assertThat(interrupts).hasValue(1);
    }

    /** The scope of a subtask times out, and then the scope around, which interrupts the subtask while it closes. */
    @Test
    void timeoutAroundDoesNotCutShortTheCleanUpOfATimeoutInside() throws Exception {
        ManualTicker inside = new ManualTicker();
        ManualTicker around = new ManualTicker();
        AtomicInteger ofSubtask = new AtomicInteger();
        try (var outer = TaskScope.open(Joiner.<String>collect(),
                c -> c.withDeadline(Deadline.after(around, Duration.ofSeconds(3))))) {
            CountDownLatch begun = new CountDownLatch(1);
            Thread[] subtask = new Thread[1];
            outer.fork(() -> {
                subtask[0] = Thread.currentThread();
                try (var inner = TaskScope.open(Joiner.<Void>collect(),
                        c -> c.withDeadline(Deadline.after(inside, Duration.ofSeconds(2))))) {
                    inner.fork(() -> {
                        begun.countDown();
                        return cleansUp();
                    });
                    inner.join();
                    closing.countDown();
                } finally {
                    ofSubtask.addAndGet(Thread.interrupted() ? 1 : 0);
                }
                return "inner is closed";
            });
            begun.await();
            inside.advance(Duration.ofSeconds(2));
            interrupted.await();
            closing.await();
            await(subtask[0]);
            around.advance(Duration.ofSeconds(3));
            assertThat(outer.join().timedOut()).isTrue();
            cleanUp.countDown();
        }
        assertThat(interrupts).hasValue(1);
        assertThat(ofSubtask).hasValue(1);
    }
}
