package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scopedcontext.ScopedContext;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A resource of tests whose first opener waits until it is told how to end, while others wait for it. */
final class SlowLink {

    final Link.Log log = new Link.Log();
    final NamedContext request = NamedContext.named("request");
    final AtomicInteger tries = new AtomicInteger();

    /** Told by the first opener, and awaited by it before it ends as {@link #first} does. */
    final CountDownLatch opening = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final AtomicReference<ResourceOpener<Link>> first = new AtomicReference<>(() -> log.open("link"));

    final ResourceKey<Link> link = request.resource("link", Link.class, () -> {
        if (tries.incrementAndGet() > 1) {
            return log.open("link");
        }
        opening.countDown();
        goOn.await();
        return first.get().open();
    });

    /** Starts a thread in the current context. */
    static <T> Work<T> start(Callable<T> task) {
        Work<T> work = new Work<>(new FutureTask<>(ScopedContext.capture().wrap(task)));
        work.thread.start();
        return work;
    }

    /** Starts the first attempt, and waits until its opener runs. */
    Work<Link> startOpening() throws InterruptedException {
        Work<Link> opener = start(link::get);
        opening.await();
        return opener;
    }

    /** Starts a thread that uses the resource, and waits until that waits. */
    Work<Link> startWaiting() {
        Work<Link> waiter = start(link::get);
        waiter.awaitWaiting();
        return waiter;
    }

    static void awaitWaiting(AtomicReference<Thread> thread) {
        while (thread.get() == null || thread.get().getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    /** Work on a thread of its own. */
    record Work<T>(FutureTask<T> task, Thread thread) {

        Work(FutureTask<T> task) {
            this(task, new Thread(task));
        }

        T get() throws Exception {
            return task.get();
        }

        Throwable failure() {
            return catchThrowable(task::get).getCause();
        }

        void awaitWaiting() {
            SlowLink.awaitWaiting(new AtomicReference<>(thread));
        }
    }
}
