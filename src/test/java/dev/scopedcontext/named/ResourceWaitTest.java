package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.task.Deadline;
import dev.scopedcontext.task.DeadlineExceededException;
import dev.scopedcontext.task.OnEachEngine;
import dev.scopedcontext.task.TaskScopes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that wait for another one to open a resource, and do not wait for ever. */
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
}
