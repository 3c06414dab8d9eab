package dev.scopedcontext.named;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScope;
import dev.scopedcontext.task.TaskScopes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subtasks and threads that come to use one resource at the same time, or each other's. */
@OnEachEngine
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResourceRaceTest {

    private final Link.Log log = new Link.Log();
    private final NamedContext request = NamedContext.named("request");

    /** Told by the first opener, and awaited by it. */
    private final CountDownLatch opening = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private ResourceKey<Link> slow() {
        return request.resource("slow", Link.class, () -> {
            opening.countDown();
            goOn.await();
            return log.open("slow");
        });
    }

    @Test
    void racingSubtasksOpenOnce() throws Exception {
        ResourceKey<Link> link = request.resource("link", Link.class, () -> log.open("link"));
        int rounds = 300;
        for (int round = 0; round < rounds; round++) {
            request.session().call(() -> {
                CyclicBarrier start = new CyclicBarrier(8);
                try (var scope = TaskScope.open(Joiner.<Link>allSuccessfulOrThrow())) {
                    for (int i = 0; i < 8; i++) {
                        scope.fork(() -> {
                            start.await();
                            return link.get();
                        });
                    }
                    Set<Link> seen = new HashSet<>(scope.join());
                    assertThat(seen).hasSize(1).containsExactly(link.get());
                }
                return null;
            });
        }
        assertThat(log).hasSize(2 * rounds);
        assertThat(log.open).hasValue(0);
    }

    @Test
    void losersWaitForTheFirst() throws Exception {
        ResourceKey<Link> slow = slow();
        request.session().call(() -> {
            try (var scope = TaskScope.open(Joiner.<Link>allSuccessfulOrThrow())) {
                scope.fork(slow::get);
                opening.await();
                AtomicReference<Thread> waiting = new AtomicReference<>();
                scope.fork(() -> {
                    waiting.set(Thread.currentThread());
                    return slow.get();
                });
                awaitWaiting(waiting);
                assertThat(slow.isOpen()).isFalse();
                goOn.countDown();
                List<Link> both = scope.join();
                assertThat(both.get(0)).isSameAs(both.get(1));
            }
            return null;
        });
        assertThat(log).containsExactly("open slow", "close slow");
    }

    @Test
    void circleThroughASubtaskOfTheOpenerIsShown() {
        AtomicReference<ResourceKey<Link>> self = new AtomicReference<>();
        self.set(request.resource("self", Link.class, () -> TaskScopes.race(() -> self.get().get())));
        request.session().run(() -> assertThatThrownBy(self.get()::get).isInstanceOf(ResourceException.class)
                .rootCause().isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(": request.self → request.self."));
        assertThat(log).isEmpty();
    }

    @Test
    void circleThroughAnExecutorIsShown() {
        AtomicReference<ResourceKey<String>> self = new AtomicReference<>();
        ResourceKey<String> other = request.resource("other", String.class, () -> self.get().get(), closed -> {
        });
        self.set(request.resource("self", String.class,
                () -> ContextExecutors.supplyAsync(other, task -> new Thread(task).start()).get(), closed -> {
                }));
        request.session().run(() -> assertThatThrownBy(self.get()::get).rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(": request.self → request.other → request.self."));
    }

    /** Each waits for what the other is opening: one of them gets the error, and nobody waits for ever. */
    @Test
    void twoThreadsThatNeedEachOthersGetTheErrorAndNoDeadlock() throws Exception {
        CyclicBarrier bothAreOpening = new CyclicBarrier(2);
        AtomicInteger triesOfA = new AtomicInteger();
        AtomicInteger triesOfB = new AtomicInteger();
        AtomicReference<ResourceKey<Link>> second = new AtomicReference<>();
        ResourceKey<Link> a = request.resource("a", Link.class, () -> {
            awaitAtFirst(triesOfA, bothAreOpening);
            return log.open("a on " + second.get().get());
        });
        ResourceKey<Link> b = request.resource("b", Link.class, () -> {
            awaitAtFirst(triesOfB, bothAreOpening);
            return log.open("b on " + a.get());
        });
        second.set(b);
        request.session().call(() -> {
            try (var scope = TaskScope.open(Joiner.<Link>collect())) {
                scope.fork(a::get);
                scope.fork(b::get);
                assertThat(scope.join().failures()).hasSize(2)
                        .allSatisfy(failure -> assertThat(failure).isInstanceOf(IllegalStateException.class)
                                .message().containsPattern("(request.a → request.b → request.a|request.b → request.a →"
                                        + " request.b)\\. Open one"));
            }
            return null;
        });
        assertThat(log).isEmpty();
    }

    private static void awaitAtFirst(AtomicInteger tries, CyclicBarrier barrier) throws Exception {
        if (tries.incrementAndGet() == 1) {
            barrier.await();
        }
    }

    /** Who waits for what another one waits for is told in time too. */
    @Test
    void threeThreadsInACircleGetTheError() throws Exception {
        CyclicBarrier allAreOpening = new CyclicBarrier(3);
        AtomicInteger opened = new AtomicInteger();
        List<AtomicReference<ResourceKey<Link>>> keys = List.of(new AtomicReference<>(), new AtomicReference<>(),
                new AtomicReference<>());
        for (int i = 0; i < 3; i++) {
            int number = i;
            AtomicInteger tries = new AtomicInteger();
            keys.get(i).set(request.resource("r" + i, Link.class, () -> {
                awaitAtFirst(tries, allAreOpening);
                keys.get((number + 1) % 3).get().get();
                opened.incrementAndGet();
                return log.open("r" + number);
            }));
        }
        request.session().call(() -> {
            try (var scope = TaskScope.open(Joiner.<Link>collect())) {
                keys.forEach(key -> scope.fork(() -> key.get().get()));
                assertThat(scope.join().failures()).hasSize(3).allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class).hasMessageContaining("need each other"));
            }
            return null;
        });
        assertThat(opened).hasValue(0);
    }

    /** A diamond is no circle: both sides need what only one of them opens. */
    @Test
    void twoThatNeedAThirdAreNoCircle() throws Exception {
        CyclicBarrier bothAreOpening = new CyclicBarrier(2);
        ResourceKey<Link> base = request.resource("base", Link.class, () -> log.open("base"));
        for (int round = 0; round < 100; round++) {
            String n = " of round " + round;
            ResourceKey<Link> left = request.resource("left" + n, Link.class, () -> {
                bothAreOpening.await();
                return log.open("left on " + base.get());
            });
            ResourceKey<Link> right = request.resource("right" + n, Link.class, () -> {
                bothAreOpening.await();
                return log.open("right on " + base.get());
            });
            log.clear();
            request.session().call(() -> TaskScopes.par(left::get, right::get, (l, r) -> l + ", " + r));
            assertThat(log.open).hasValue(0);
            assertThat(log).hasSize(6).startsWith("open base").endsWith("close base");
        }
    }

    @Test
    void instanceThatIsOpenedTooLateIsClosedAtOnce() throws Exception {
        IllegalStateException close = new IllegalStateException("close");
        ResourceKey<Link> slow = slow();
        FutureTask<Link> late = request.session().call(() -> {
            FutureTask<Link> task = new FutureTask<>(ScopedContext.capture().wrap(slow::get));
            new Thread(task).start();
            opening.await();
            return task;
        });
        log.failToClose(close);
        goOn.countDown();
        assertThatThrownBy(() -> late.get(30, SECONDS)).cause().isInstanceOf(UnboundContextException.class)
                .hasMessageContaining("has ended").hasSuppressedException(close);
        assertThat(log).containsExactly("open slow", "close slow");
    }

    @Test
    void whoeverWaitsForWhatIsOpenedTooLateIsToldToo() throws Exception {
        ResourceKey<Link> slow = slow();
        AtomicReference<Throwable> told = new AtomicReference<>();
        AtomicReference<Thread> first = new AtomicReference<>();
        Thread second = request.session().call(() -> {
            first.set(thread(() -> assertThatThrownBy(slow::get).isInstanceOf(UnboundContextException.class)));
            opening.await();
            Thread waiting = thread(() -> {
                try {
                    slow.get();
                } catch (UnboundContextException e) {
                    told.set(e);
                }
            });
            awaitWaiting(new AtomicReference<>(waiting));
            return waiting;
        });
        goOn.countDown();
        first.get().join();
        second.join();
        assertThat(told.get()).hasMessageContaining("has ended");
        assertThat(log).containsExactly("open slow", "close slow");
    }

    /** What an opener handed to another thread is its part only until it returns. */
    @Test
    void workThatAnOpenerLeavesBehindMayUseTheResource() throws Exception {
        AtomicReference<ResourceKey<Link>> self = new AtomicReference<>();
        AtomicReference<FutureTask<Link>> leftBehind = new AtomicReference<>();
        self.set(request.resource("self", Link.class, () -> {
            leftBehind.set(new FutureTask<>(ScopedContext.capture().wrap(() -> self.get().get())));
            return log.open("self");
        }));
        request.session().call(() -> {
            Link link = self.get().get();
            new Thread(leftBehind.get()).start();
            assertThat(leftBehind.get().get(30, SECONDS)).isSameAs(link);
            return null;
        });
    }

    @Test
    void threadsThatEndASessionWhileOthersOpenLeaveNothingOpen() throws Exception {
        ResourceKey<Link> link = request.resource("link", Link.class, () -> log.open("link"));
        for (int round = 0; round < 1_000; round++) {
            Thread opener = request.session().call(() -> {
                ContextSnapshot now = ScopedContext.capture();
                return thread(now.wrap(() -> {
                    try {
                        link.get();
                    } catch (UnboundContextException ended) {
                        assertThat(ended).hasMessageContaining("has ended");
                    }
                }));
            });
            opener.join();
        }
        assertThat(log.open).hasValue(0);
    }

    /** Starts a thread in what is bound. */
    private static Thread thread(Runnable task) {
        Thread thread = new Thread(ScopedContext.capture().wrap(task));
        thread.start();
        return thread;
    }

    private static void awaitWaiting(AtomicReference<Thread> thread) {
        while (thread.get() == null || thread.get().getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }
}
