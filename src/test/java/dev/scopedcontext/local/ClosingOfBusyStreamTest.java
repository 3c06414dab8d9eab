package dev.scopedcontext.local;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.OpenScope;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream, or a managed scope, is closed while another thread is blocked in it: closing does not wait for that. */
@ExtendWith({CleanThread.class, CleanLocals.class})
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingOfBusyStreamTest {

    private final Local local = Local.named("web");
    private final LocalManager manager = LocalManager.of(local);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final AtomicReference<ValueTable> table = new AtomicReference<>();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch unblock = new CountDownLatch(1);

    /** A step that blocks until the result is closed, or for longer. */
    private String step() {
        local.set("step", "begun");
        table.set(local.tables.key.get());
        reading.countDown();
        try {
            unblock.await();
        } catch (InterruptedException interruption) {
            throw new AssertionError(interruption);
        }
        log.add("step ends for " + local.orElse("user", "nobody"));
        return "row";
    }

    private void closed() {
        log.add("closed by " + local.orElse("user", "nobody") + ", step " + local.orElse("step", "not begun"));
        local.set("user", "closer");
    }

    private Stream<String> rows() {
        local.set("user", "alice");
        return Stream.generate(this::step).onClose(this::closed).onClose(unblock::countDown);
    }

    /** The ways to read and close a stream. */
    enum Form {

        ITERATOR, SPLITERATOR, TERMINAL_OPERATION, TWO_MANAGERS;

        Reading open(ClosingOfBusyStreamTest test) {
            Supplier<Stream<String>> managed = ManagedSupplier.of(test.manager, test::rows);
            Stream<String> rows = this == TWO_MANAGERS
                    ? ManagedSupplier.of(LocalManager.of(Local.named("outer")), managed).get()
                    : managed.get();
            return new Reading(step(rows), rows);
        }

        private Callable<String> step(Stream<String> rows) {
            return switch (this) {
                case ITERATOR, TWO_MANAGERS -> rows.iterator()::next;
                case SPLITERATOR -> {
                    Spliterator<String> steps = rows.spliterator();
                    yield () -> {
                        List<String> found = new ArrayList<>();
                        assertThat(steps.tryAdvance(found::add)).isTrue();
                        return found.get(0);
                    };
                }
                case TERMINAL_OPERATION -> () -> rows.findFirst().orElseThrow();
            };
        }
    }

    private static <T> FutureTask<T> started(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    @ParameterizedTest
    @EnumSource
    void closingReachesTheEndWhileAnotherThreadIsBlockedInAStep(Form form) throws Exception {
        Reading body = form.open(this);
        FutureTask<String> reader = started(body.step);
        reading.await();
        OnThread.call(Thread::new, () -> {
            body.closing.close();
            body.closing.close();
            return null;
        });
        assertThat(reader.get(30, SECONDS)).isEqualTo("row");
        assertThat(log).containsExactly("closed by alice, step begun", "step ends for alice");
        assertThat(table.get().isEmpty()).isTrue();
        assertThat(local.asMap().keySet()).isEmpty();
    }

    @Test
    void closingWhereTheFunctionWasCalledSeesTheValuesToo() throws Exception {
        Reading body = Form.ITERATOR.open(this);
        FutureTask<String> reader = started(body.step);
        reading.await();
        body.closing.close();
        assertThat(reader.get(30, SECONDS)).isEqualTo("row");
        assertThat(log).containsExactly("closed by alice, step begun", "step ends for alice");
        assertThat(local.asMap().keySet()).isEmpty();
    }

    @Test
    void closingThatDoesNotEndTheStepDoesNotWaitForIt() throws Exception {
        Stream<String> rows = ManagedSupplier.of(manager, () -> {
            local.set("user", "alice");
            return Stream.generate(this::step);
        }).get();
        FutureTask<String> reader = started(rows.iterator()::next);
        reading.await();
        rows.close();
        assertThat(reader.isDone()).isFalse();
        assertThat(table.get().get("user", ValueTable.hash("user"))).isEqualTo("alice");
        unblock.countDown();
        assertThat(reader.get(30, SECONDS)).isEqualTo("row");
        assertThat(log).containsExactly("step ends for alice");
        assertThat(table.get().isEmpty()).isTrue();
    }

    @Test
    void busyResultWhoseContextRefusesIsClosedOnceToo() throws Exception {
        AtomicBoolean refuses = new AtomicBoolean();
        UnsupportedOperationException refusal = new UnsupportedOperationException("refused");
        ContextKey<String> key = ContextKey.<String>builder("per task").handOff(HandOff.perTask(value -> {
            if (refuses.get()) {
                throw refusal;
            }
            return value;
        }, value -> {
        })).build();
        Supplier<Stream<String>> managed = ManagedSupplier.of(manager, this::rows);
        Stream<String> rows = ScopedContext.where(key, "value").call(managed::get);
        FutureTask<String> reader = started(rows.iterator()::next);
        reading.await();
        refuses.set(true);
        assertThatThrownBy(rows::close).isSameAs(refusal).hasNoSuppressedExceptions();
        rows.close();
        assertThat(reader.get(30, SECONDS)).isEqualTo("row");
        assertThat(log).containsExactly("closed by alice, step begun", "step ends for alice");
        assertThat(table.get().isEmpty()).isTrue();
    }

    @Test
    void scopeIsClosedWhileAPieceRunsOnAnotherThread() throws Exception {
        OpenScope scope = manager.open();
        FutureTask<String> piece = started(() -> scope.call(() -> {
            local.set("user", "alice");
            return step();
        }));
        reading.await();
        FutureTask<String> next = new FutureTask<>(() -> scope.call(() -> "runs"));
        Thread waiting = new Thread(next);
        waiting.start();
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        scope.close();
        assertThatThrownBy(() -> next.get(30, SECONDS)).cause().isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("The scope of LocalManager[1 local: web] is closed");
        assertThat(piece.isDone()).isFalse();
        unblock.countDown();
        assertThat(piece.get(30, SECONDS)).isEqualTo("row");
        assertThat(log).containsExactly("step ends for alice");
        assertThat(table.get().isEmpty()).isTrue();
    }

    /** Whichever comes last removes the values. */
    @Test
    void pieceThatEndsWhileTheScopeIsClosedLeavesNothing() throws Exception {
        for (int round = 0; round < 3_000; round++) {
            OpenScope scope = manager.open();
            CyclicBarrier start = new CyclicBarrier(2);
            AtomicReference<ValueTable> used = new AtomicReference<>();
            FutureTask<Object> piece = started(() -> scope.call(() -> {
                local.set("user", "alice");
                used.set(local.tables.key.get());
                start.await();
                return "done";
            }));
            start.await();
            scope.close();
            piece.get(30, SECONDS);
            assertThat(used.get().isEmpty()).as("round " + round).isTrue();
        }
    }

    @Test
    void threadsThatCloseAtTheSameTimeCloseOnce() throws Exception {
        for (int round = 0; round < 1_000; round++) {
            AtomicInteger times = new AtomicInteger();
            Stream<String> body = ManagedSupplier.of(manager, () -> Stream.of("row").onClose(times::incrementAndGet))
                    .get();
            CyclicBarrier start = new CyclicBarrier(2);
            FutureTask<Object> other = started(() -> {
                start.await();
                body.close();
                return "done";
            });
            start.await();
            body.close();
            other.get(30, SECONDS);
            assertThat(times).as("round " + round).hasValue(1);
        }
    }

    /** A step through a result, and the result. */
    record Reading(Callable<String> step, AutoCloseable closing) {
    }
}
