package dev.scopedcontext.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.OpenScope;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One thread at a time is in a managed scope, and none stays in it. */
@ExtendWith({CleanThread.class, CleanLocals.class})
class ScopeLockTest {

    private final LocalManager manager = LocalManager.of(Local.named("web"));

    @Test
    void oneThreadAtATimeHoldsTheLock() throws Exception {
        int[] count = {0};
        List<Thread> threads = new ArrayList<>();
        try (OpenScope scope = manager.open()) {
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    for (int j = 0; j < 5_000; j++) {
                        scope.run(() -> count[0]++);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(count[0]).isEqualTo(20_000);
    }

    @Test
    void waitingThreadTakesTheLockAlsoWhenNobodyWakesIt() throws Exception {
        ScopeLock lock = new ScopeLock();
        assertThat(lock.take()).isTrue();
        assertThat(lock.take()).isFalse();
        Thread waiting = waiting(lock, () -> {
        });
        lock.owner = null;
        waiting.join(10_000);
        assertThat(waiting.isAlive()).isFalse();
        assertThat(lock.owner).isNull();
    }

    @Test
    void interruptOfAWaitingThreadIsKeptAndChangesNothing() throws Exception {
        ScopeLock lock = new ScopeLock();
        assertThat(lock.take()).isTrue();
        boolean[] interrupted = {false};
        Thread waiting = waiting(lock, () -> interrupted[0] = Thread.currentThread().isInterrupted());
        waiting.interrupt();
        while (waiting.isInterrupted()) {
            Thread.onSpinWait(); // until it has noticed, and waits again
        }
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.owner = null;
        lock.wakeNext();
        waiting.join(10_000);
        assertThat(interrupted[0]).isTrue();
    }

    @Test
    void threadThatOverflowedWhileItWaitedIsNotWaitedFor() throws Exception {
        ScopeLock lock = new ScopeLock();
        lock.take();
        for (int i = 0; i < 20; i++) {
            boolean[] interrupted = {false};
            Thread thread = new Thread(null, () -> {
                Thread.currentThread().interrupt();
                takeAtTheEndOfTheStack(lock);
                interrupted[0] = Thread.currentThread().isInterrupted();
            }, "descent", 160_000 + 48 * i);
            thread.start();
            awaitWaiting(thread);
            assertThat(lock.next()).isSameAs(thread);
            lock.owner = null;
            lock.wakeNext();
            thread.join(10_000);
            assertThat(interrupted[0]).as("interrupted").isTrue();
            lock.take();
            assertThat(lock.next()).isNull();
        }
    }

    /** Overflows the stack, takes the lock as far down as there is room to wait for it, and releases it. */
    @SuppressWarnings("InfiniteRecursion")
    private static void takeAtTheEndOfTheStack(ScopeLock lock) {
        try {
            takeAtTheEndOfTheStack(lock);
        } catch (StackOverflowError full) {
            lock.take();
            lock.owner = null;
        }
    }

    private static Thread waiting(ScopeLock lock, Runnable inside) {
        Thread waiting = new Thread(() -> {
            lock.take();
            inside.run();
            lock.owner = null;
        });
        waiting.setDaemon(true);
        waiting.start();
        awaitWaiting(waiting);
        return waiting;
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test // J17
    void scopeCanBeClosedAfterAStackOverflowInIt() throws Exception {
        for (int i = 0; i < 60; i++) {
            Stream<Integer> stream = ManagedSupplier.of(manager, () -> Stream.iterate(0, n -> n + 1)).get();
            Iterator<Integer> steps = stream.iterator();
            overflow(() -> descend(steps), i);
            closeOnAnotherThread(stream);
            OpenScope scope = manager.open();
            overflow(() -> descend(scope), i);
            closeOnAnotherThread(scope);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int descend(Iterator<Integer> steps) {
        return steps.next() + descend(steps);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static void descend(OpenScope scope) {
        scope.run(() -> descend(scope));
    }

    private static void closeOnAnotherThread(AutoCloseable closed) throws InterruptedException {
        Thread closing = new Thread(() -> {
            try {
                closed.close();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        });
        closing.setDaemon(true);
        closing.start();
        closing.join(10_000);
        assertThat(closing.isAlive()).as("hangs in close()").isFalse();
    }

    /** Overflows a stack, of another size each time, and so in another place. */
    private static void overflow(Runnable descent, int time) throws InterruptedException {
        boolean[] overflowed = {false};
        Thread thread = new Thread(null, () -> {
            try {
                descent.run();
            } catch (StackOverflowError expected) {
                overflowed[0] = true;
            }
        }, "descent", 160_000 + 48 * time);
        thread.start();
        thread.join();
        assertThat(overflowed[0]).isTrue();
    }
}
