package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.LogLines;
import dev.scopedcontext.support.OnThread;
import dev.scopedcontext.task.Scopes.Policy;
import dev.scopedcontext.task.ScriptedTask.Reaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs whose outcome is the same with the JDK's own {@code StructuredTaskScope}, each on a new thread. */
@Tag("jdk25")
@OnEachEngine
class LikeTheJdkTest {

    /** A program, which says what it sees. */
    private interface Program {
        void run(Scopes scopes, List<String> said) throws Exception;
    }

    private static void compare(Program program, String... expected) throws Exception {
        for (ThreadFactory kind : OnThread.kinds()) {
            assertThat(said(new PlainScopes(), program, kind)).as("the JDK's").containsExactly(expected);
            assertThat(said(new OurScopes(), program, kind)).as("ours").containsExactly(expected);
        }
    }

    private static List<String> said(Scopes scopes, Program program, ThreadFactory kind) throws Exception {
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        try (LogLines log = LogLines.capture()) {
            OnThread.call(kind, () -> {
                program.run(scopes, said);
                return null;
            });
        }
        return said;
    }

    private static Object open(Scopes scopes, @Nullable ThreadFactory factory, @Nullable Duration timeout)
            throws Exception {
        return scopes.open(new ScopeSettings(Policy.DEFAULT, null, factory, timeout));
    }

    private static Object closed(Scopes scopes, Object scope) throws Exception {
        scopes.close(scope);
        return "closed";
    }

    private static String attempt(java.util.concurrent.Callable<?> operation) {
        try {
            return String.valueOf(operation.call());
        } catch (Throwable failure) {
            return ScopeOutcome.ofFailure(failure);
        }
    }

    @Test
    void interruptOfTheOwnerInCloseIsNotPassedOn() throws Exception {
        compare((scopes, said) -> {
            Thread owner = Thread.currentThread();
            ScriptedTask task = new ScriptedTask(0, Reaction.GOES_ON);
            Object scope = open(scopes, null, null);
            scopes.fork(scope, task);
            task.awaitBegin();
            Thread helper = new Thread(() -> {
                task.awaitCancellation();
                Waiting.untilParked(owner);
                owner.interrupt();
                Waiting.within(TimeUnit.MILLISECONDS.toNanos(20), () -> false);
                task.doAndEnd(() -> "late");
            });
            helper.start();
            said.add(attempt(() -> closed(scopes, scope)));
            said.add("interrupted " + Thread.interrupted());
            helper.join();
            said.add(task.history());
        }, "IllegalStateException", "interrupted true", "begun ended 1 interrupts");
    }

    /** Returns a thread that runs its task when the scope has interrupted it, which follows the cancellation. */
    private static Thread runningWhenInterrupted(Runnable task) {
        return new Thread(() -> {
            long begun = System.nanoTime();
            while (!Thread.currentThread().isInterrupted() && System.nanoTime() - begun < Waiting.LONGEST) {
                LockSupport.parkNanos(Waiting.LONGEST);
            }
            task.run();
        });
    }

    @Test
    void subtaskThatWasForkedBeforeTheCancellationRuns() throws Exception {
        compare((scopes, said) -> {
            Object scope = open(scopes, LikeTheJdkTest::runningWhenInterrupted, null);
            Object late = scopes.fork(scope, () -> {
                said.add("runs interrupted " + Thread.interrupted());
                return "late";
            });
            said.add(attempt(() -> closed(scopes, scope)));
            said.add(scopes.state(late));
        }, "runs interrupted true", "IllegalStateException", "UNAVAILABLE");
    }

    @Test
    void forkingAfterANestedScopeWithATimeOut() throws Exception {
        compare((scopes, said) -> {
            Object scope = open(scopes, null, null);
            scopes.close(open(scopes, null, Duration.ofDays(1)));
            said.add(attempt(() -> "forked " + (scopes.fork(scope, () -> "done") != null)));
            said.add(attempt(() -> scopes.join(scope)));
            said.add(attempt(() -> closed(scopes, scope)));
        }, "forked true", "null", "closed");
    }

    @Test
    void closingAnOuterScopeCancelsItBeforeTheInnerOneIsAwaited() throws Exception {
        compare((scopes, said) -> {
            ScriptedTask ofOuter = new ScriptedTask(0, Reaction.THROWS);
            CountDownLatch interrupted = new CountDownLatch(1);
            CountDownLatch begun = new CountDownLatch(1);
            Object outer = open(scopes, null, null);
            Object inner = open(scopes, null, null);
            scopes.fork(outer, () -> {
                try {
                    return ofOuter.call();
                } finally {
                    interrupted.countDown();
                }
            });
            ofOuter.awaitBegin();
            scopes.fork(inner, () -> {
                begun.countDown();
                return said.add("heard of it " + Waiting.within(TimeUnit.SECONDS.toNanos(2),
                        () -> interrupted.getCount() == 0));
            });
            begun.await();
            said.add(attempt(() -> closed(scopes, outer)));
        }, "heard of it true", "violation");
    }
}
