package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.DeadlineExceededException;
import dev.scopedcontext.task.Joiner;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScope;
import dev.scopedcontext.task.TaskScopes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that wait while another one opens a resource: the end of the wait, and the result of a failed attempt. */
@OnEachEngine
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResourceWaitTest {

    private static final String WAITING = " while waiting for ResourceKey[request.link], which Thread[";

    private final SlowLink slow = new SlowLink();
    private final ResourceKey<Link> link = slow.link;

    @Test
    void interruptEndsTheWait() throws Exception {
        slow.request.session().call(() -> {
            SlowLink.Work<Link> opener = slow.startOpening();
            SlowLink.Work<Boolean> waiter = SlowLink.start(() -> {
                assertThatThrownBy(link::get).isExactlyInstanceOf(ResourceException.class)
                        .hasMessageStartingWith("Interrupted" + WAITING).hasMessageEndingWith("] is opening")
                        .hasMessageContaining(opener.thread().getName())
                        .hasCauseExactlyInstanceOf(InterruptedException.class);
                return Thread.currentThread().isInterrupted();
            });
            waiter.awaitWaiting();
            waiter.thread().interrupt();
            assertThat(waiter.get()).isTrue();
            slow.goOn.countDown();
            assertThat(opener.get()).isSameAs(link.get());
            return null;
        });
        assertThat(slow.log).containsExactly("open link", "close link");
    }

    @Test
    void threadThatIsInterruptedAlreadyDoesNotWait() throws Exception {
        slow.request.session().call(() -> {
            SlowLink.Work<Link> opener = slow.startOpening();
            Thread.currentThread().interrupt();
            assertThatThrownBy(link::get).isExactlyInstanceOf(ResourceException.class).hasMessageStartingWith(
                    "Interrupted" + WAITING);
            assertThat(Thread.interrupted()).isTrue();
            slow.goOn.countDown();
            Link opened = opener.get();
            Thread.currentThread().interrupt();
            assertThat(link.get()).isSameAs(opened);
            assertThat(Thread.interrupted()).isTrue();
            return null;
        });
    }

    @Test
    void endOfTheSessionEndsTheWaitWhileTheOpenerStillRuns() throws Exception {
        List<SlowLink.Work<Link>> started = slow.request.session().call(
                () -> List.of(slow.startOpening(), slow.startWaiting()));
        assertThat(started.get(1).failure()).isExactlyInstanceOf(UnboundContextException.class)
                .hasMessageContaining("ResourceKey[request.link] is gone: the session");
        assertThat(started.get(0).task().isDone()).isFalse();
        slow.goOn.countDown();
        assertThat(started.get(0).failure()).isExactlyInstanceOf(UnboundContextException.class);
        assertThat(slow.log).containsExactly("open link", "close link");
    }

    @Test
    void cancelledTaskScopeDoesNotWaitForAnotherThreadsOpener() throws Exception {
        slow.request.session().call(() -> {
            SlowLink.Work<Link> opener = slow.startOpening();
            IllegalStateException failure = new IllegalStateException("other");
            AtomicReference<Thread> waiting = new AtomicReference<>();
            assertThatThrownBy(() -> TaskScopes.par(() -> {
                waiting.set(Thread.currentThread());
                return link.get();
            }, () -> {
                SlowLink.awaitWaiting(waiting);
                throw failure;
            }, (a, b) -> a)).isInstanceOf(ExecutionException.class).cause().isSameAs(failure)
                    .hasNoSuppressedExceptions();
            slow.goOn.countDown();
            opener.get();
            return null;
        });
    }

    @Test
    void deadlineEndsTheWait() throws Exception {
        slow.request.session().call(() -> {
            SlowLink.Work<Link> opener = slow.startOpening();
            Deadline.within(Duration.ofMillis(20)).run(() -> assertThatThrownBy(link::get)
                    .isExactlyInstanceOf(DeadlineExceededException.class)
                    .hasMessageStartingWith("The deadline passed" + WAITING).hasMessageEndingWith("] is opening"));
            slow.goOn.countDown();
            opener.get();
            Deadline.within(Duration.ZERO).run(() -> assertThat(link.get()).hasToString("link"));
            return null;
        });
        assertThat(slow.log).containsExactly("open link", "close link");
    }

    @Test
    void deadlineThatHasPassedEndsTheWaitAtOnceAndOneThatDoesNotPassNever() throws Exception {
        slow.request.session().call(() -> {
            SlowLink.Work<Link> opener = slow.startOpening();
            Deadline.within(Duration.ZERO).run(() -> assertThatThrownBy(link::get)
                    .isExactlyInstanceOf(DeadlineExceededException.class).hasMessageContaining(WAITING));
            SlowLink.Work<Link> patient = Deadline.within(Duration.ofDays(1)).call(slow::startWaiting);
            slow.goOn.countDown();
            assertThat(patient.get()).isSameAs(opener.get());
            return null;
        });
    }

    @Test
    void thoseThatWaitedForTheAttemptThatFailedGetItsFailure() throws Exception {
        IllegalStateException failure = new IllegalStateException("down");
        assertIsTriedOnce(failure, null);
    }

    @Test
    void thoseThatWaitedGetAnErrorOfTheOpenerToo() throws Exception {
        assertIsTriedOnce(new AssertionError("down"), null);
    }

    @Test
    void thoseThatWaitedGetACheckedExceptionOfTheOpenerAsItIsWrapped() throws Exception {
        assertIsTriedOnce(new IOException("down"), ResourceException.class);
    }

    private void assertIsTriedOnce(Throwable failure, @Nullable Class<? extends Exception> wrapper) throws Exception {
        slow.first.set(() -> {
            throw sneaky(failure);
        });
        slow.request.session().call(() -> {
            SlowLink.Work<Link> opener = slow.startOpening();
            List<SlowLink.Work<Link>> waiting = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                waiting.add(slow.startWaiting());
            }
            slow.goOn.countDown();
            Throwable thrown = opener.failure();
            assertThat(wrapper == null ? thrown : thrown.getCause()).isSameAs(failure);
            assertThat(thrown).isInstanceOf(wrapper == null ? failure.getClass() : wrapper);
            for (SlowLink.Work<Link> waiter : waiting) {
                assertThat(waiter.failure()).isSameAs(thrown);
            }
            assertThat(slow.tries).hasValue(1);
            assertThat(link.isOpen()).isFalse();
            assertThat(link.get()).hasToString("link");
            return null;
        });
        assertThat(slow.tries).hasValue(2);
        assertThat(slow.log).containsExactly("open link", "close link");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> Exception sneaky(Throwable failure) throws X {
        throw (X) failure;
    }

    @Test
    void thoseThatWaitedForAThreadThatWasInterruptedTryThemselves() throws Exception {
        assertIsTriedAgain(opener -> opener.thread().interrupt());
    }

    @Test
    void thoseThatWaitedForAThreadWhoseStackOverflowedTryThemselves() throws Exception {
        slow.first.set(() -> {
            throw new StackOverflowError();
        });
        assertIsTriedAgain(opener -> slow.goOn.countDown());
    }

    @Test
    void thoseThatWaitedTryThemselvesAfterAFailureThatTellsOfTheThread() throws Exception {
        assertIsTriedAgain(new SlowLink(), new IllegalStateException(new InterruptedException()));
        assertIsTriedAgain(new SlowLink(), new InterruptedIOException());
        Deadline.within(Duration.ofHours(1)).<Void, Exception>call(() -> {
            assertIsTriedAgain(new SlowLink(), new DeadlineExceededException("less than 500 ms are left"));
            assertIsTriedAgain(new SlowLink(), new TimeoutException());
            return null;
        });
    }

    private static void assertIsTriedAgain(SlowLink slow, Throwable failure) throws Exception {
        slow.first.set(() -> {
            throw sneaky(failure);
        });
        slow.request.session().call(() -> {
            SlowLink.Work<Link> opener = slow.startOpening();
            SlowLink.Work<Link> waiter = slow.startWaiting();
            slow.goOn.countDown();
            assertThat(opener.failure()).isNotNull();
            assertThat(waiter.get()).hasToString("link");
            return null;
        });
        assertThat(slow.tries).hasValue(2);
    }

    private void assertIsTriedAgain(Consumer<SlowLink.Work<Link>> end) throws Exception {
        slow.request.session().call(() -> {
            SlowLink.Work<Link> opener = slow.startOpening();
            SlowLink.Work<Link> waiter = slow.startWaiting();
            SlowLink.Work<Link> another = slow.startWaiting();
            end.accept(opener);
            assertThat(opener.failure()).isNotNull();
            assertThat(waiter.get()).isSameAs(another.get()).isSameAs(link.get());
            return null;
        });
        assertThat(slow.tries).hasValue(2);
        assertThat(slow.log).containsExactly("open link", "close link");
    }

    @Test
    void thoseThatWaitedForAThreadWhoseDeadlinePassedTryThemselves() throws Exception {
        IllegalStateException late = new IllegalStateException("late");
        slow.first.set(() -> {
            throw late;
        });
        slow.request.session().call(() -> {
            SlowLink.Work<Throwable> opener = SlowLink.start(
                    () -> Deadline.within(Duration.ZERO).call(() -> catchThrowable(link::get)));
            slow.opening.await();
            SlowLink.Work<Link> waiter = slow.startWaiting();
            slow.goOn.countDown();
            assertThat(opener.get()).isSameAs(late);
            assertThat(waiter.get()).isSameAs(link.get());
            return null;
        });
        assertThat(slow.tries).hasValue(2);
    }

    @Test
    void interruptInsideOfAnOpenerEndsThatAttemptOnly() throws Exception {
        AtomicInteger triesAbove = new AtomicInteger();
        ResourceKey<Link> above = slow.request.resource("above", Link.class, () -> {
            triesAbove.incrementAndGet();
            return slow.log.open("above " + link.get());
        });
        slow.request.session().call(() -> {
            SlowLink.Work<Link> opener = slow.startOpening();
            SlowLink.Work<Link> middle = SlowLink.start(above::get);
            middle.awaitWaiting();
            SlowLink.Work<Link> last = SlowLink.start(above::get);
            last.awaitWaiting();
            middle.thread().interrupt();
            assertThat(middle.failure()).isExactlyInstanceOf(ResourceException.class)
                    .hasCauseExactlyInstanceOf(InterruptedException.class);
            slow.goOn.countDown();
            opener.get();
            assertThat(last.get()).hasToString("above link");
            return null;
        });
        assertThat(triesAbove).hasValue(2);
        assertThat(slow.log).containsExactly("open link", "open above link", "close above link", "close link");
    }

    @Test
    void subtasksThatRaceForAFailingResourceFailTogether() throws Exception {
        IllegalStateException failure = new IllegalStateException("down");
        slow.first.set(() -> {
            throw failure;
        });
        slow.request.session().call(() -> {
            try (var scope = TaskScope.open(Joiner.<Link>collect())) {
                scope.fork(link::get);
                slow.opening.await();
                List<AtomicReference<Thread>> waiting = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    AtomicReference<Thread> thread = new AtomicReference<>();
                    scope.fork(() -> {
                        thread.set(Thread.currentThread());
                        return link.get();
                    });
                    waiting.add(thread);
                }
                waiting.forEach(SlowLink::awaitWaiting);
                slow.goOn.countDown();
                assertThat(scope.join().failures()).hasSize(6).containsOnly(failure);
            }
            return null;
        });
        assertThat(slow.tries).hasValue(1);
    }
}
