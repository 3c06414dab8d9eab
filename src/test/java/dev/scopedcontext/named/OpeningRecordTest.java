package dev.scopedcontext.named;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.Garbage;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The objects that the record of openings keeps reachable, and the length of that record. */
@ExtendWith(CleanThread.class)
@Timeout(60)
class OpeningRecordTest {

    private static final int LINKS = 100;

    private final NamedContext job = NamedContext.named("job");
    private final AtomicInteger links = new AtomicInteger();
    private final AtomicInteger longest = new AtomicInteger();
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    private interface Start {

        /** Begins a task on another thread, in the context of the caller. */
        void start(Runnable task) throws Exception;
    }

    /** Returns a resource whose opener starts a task, whose session opens it again, and so on. */
    private ResourceKey<String> chained(Start start) {
        AtomicReference<ResourceKey<String>> self = new AtomicReference<>();
        self.set(job.resource("link", String.class, () -> {
            longest.accumulateAndGet(recorded(), Math::max);
            if (links.incrementAndGet() == LINKS) {
                done.complete(null);
            } else {
                ContextSnapshot here = ScopedContext.capture();
                start.start(() -> here.run(() -> job.session().run(self.get()::get)));
            }
            return "link";
        }, closed -> {
        }));
        return self.get();
    }

    /** Returns how many openings the running code can reach. */
    private static int recorded() {
        Set<ResourceOpening> seen = new HashSet<>();
        Queue<ResourceOpening> found = new ArrayDeque<>(EnclosingOpenings.current().all());
        for (ResourceOpening next = found.poll(); next != null; next = found.poll()) {
            if (seen.add(next)) {
                found.addAll(next.enclosing().all());
            }
        }
        return seen.size();
    }

    @Test
    void isShortInAChainOfTasksThatBeginWhenTheOpenerHasReturned() throws Exception {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        ResourceKey<String> link = chained(worker::execute);
        job.session().run(link::get);
        done.get(30, SECONDS);
        worker.shutdown();
        assertThat(longest.get()).isLessThan(5);
    }

    /** Each opener returns after the next one has begun. */
    @Test
    void isShortInAChainOfTasksThatBeginBeforeTheOpenerReturns() throws Exception {
        AtomicReference<CountDownLatch> begun = new AtomicReference<>(new CountDownLatch(1));
        AtomicReference<@Nullable Thread> before = new AtomicReference<>();
        ResourceKey<String> link = chained(task -> {
            Thread previous = before.get();
            CountDownLatch next = new CountDownLatch(1);
            begun.getAndSet(next).countDown();
            if (previous != null) {
                previous.join(); // its opener and session have ended
            }
            Thread thread = new Thread(task);
            before.set(Thread.currentThread());
            thread.start();
            next.await();
        });
        CompletableFuture<?> last = done.thenRun(() -> begun.get().countDown());
        Thread first = new Thread(() -> job.session().run(link::get));
        first.start();
        last.get(30, SECONDS);
        assertThat(longest.get()).isLessThan(5);
    }

    /** An opener around all of them goes on. */
    @Test
    void isShortInAChainInsideOfAnOpenerThatGoesOn() throws Exception {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        ResourceKey<String> link = chained(worker::execute);
        ResourceKey<String> outer = job.resource("outer", String.class, () -> {
            ContextSnapshot here = ScopedContext.capture();
            Future<?> first = worker.submit(() -> here.run(() -> job.session().run(link::get)));
            first.get(30, SECONDS);
            done.get(30, SECONDS);
            return "outer";
        }, closed -> {
        });
        job.session().run(outer::get);
        worker.shutdown();
        assertThat(longest.get()).isLessThan(5);
    }

    /** If the stack overflows again after that, the waiting attempt is not removed from the record of the other one. */
    @Test
    void attemptThatWaitedAndHasEndedIsPartOfNoCircle() throws Exception {
        AtomicReference<@Nullable ResourceOpening> stale = new AtomicReference<>();
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ResourceKey<String> other = job.resource("other", String.class, () -> "other", closed -> {
        });
        ResourceKey<String> slow = job.resource("slow", String.class, () -> {
            ResourceOpening waiter = new ResourceOpening(other.definition(), new Lifetime());
            waiter.ended = true;
            stale.set(waiter);
            opening.countDown();
            goOn.await();
            return "slow";
        }, closed -> {
        });
        ResourceKey<String> user = job.resource("user", String.class, () -> {
            requireNonNull(EnclosingOpenings.current().direct()).waiters.add(requireNonNull(stale.get()));
            return "user of " + slow.get();
        }, closed -> {
        });
        job.session().<Void, Exception>call(() -> {
            SlowLink.Work<String> first = SlowLink.start(slow::get);
            opening.await();
            SlowLink.Work<String> second = SlowLink.start(user::get);
            while (!second.task().isDone() && second.thread().getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            assertThat(second.get()).isEqualTo("user of " + first.get());
            return null;
        });
    }

    /** The thread of an opener may have ended long ago. */
    @Test
    void snapshotOfAnOpenerOrOfItsSessionDoesNotKeepTheThread() throws Exception {
        AtomicReference<ContextSnapshot> inOpener = new AtomicReference<>();
        AtomicReference<ContextSnapshot> inSession = new AtomicReference<>();
        ResourceKey<String> key = job.resource("key", String.class, () -> {
            inOpener.set(ScopedContext.capture());
            return "key";
        }, closed -> {
        });
        Garbage threads = new Garbage();
        run(threads, () -> job.session().run(() -> {
            key.get();
            inSession.set(ScopedContext.capture());
        }));
        threads.assertCollected();
        assertThat(inOpener.get()).isNotNull();
        assertThat(inSession.get()).isNotNull();
    }

    private static void run(Garbage threads, Runnable task) throws InterruptedException {
        Thread thread = threads.add("thread", new Thread(task));
        thread.start();
        thread.join();
    }
}
