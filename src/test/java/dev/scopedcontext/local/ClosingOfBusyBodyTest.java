package dev.scopedcontext.local;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.OnThread;
import dev.scopedcontext.ScopedContext;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A result, or a managed scope, is closed while another thread is blocked in it: closing does not wait for that. */
@ExtendWith({CleanThread.class, CleanLocals.class})
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingOfBusyBodyTest {

    private final Local local = Local.named("web");
    private final LocalManager manager = LocalManager.of(local);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final AtomicReference<Cell> cell = new AtomicReference<>();
    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch unblock = new CountDownLatch(1);

    /** A step that blocks until the result is closed, or for longer. */
    private String step() {
        local.set("step", "begun");
        cell.set(local.store.key.get());
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

    /** What is read and closed. */
    enum Form {

        BODY, ITERATOR_OF_BODY, STREAM_OF_BODY, STREAM, TWO_MANAGERS;

        /** Returns a step, and what closes the result. */
        Reading open(ClosingOfBusyBodyTest test) throws Exception {
            switch (this) {
                case STREAM -> {
                    Stream<String> stream = test.manager.wrap(() -> {
                        test.local.set("user", "alice");
                        return Stream.generate(test::step).onClose(test::closed).onClose(test.unblock::countDown);
                    }).call();
                    return new Reading(stream.iterator()::next, stream);
                }
                case TWO_MANAGERS -> {
                    LocalManager outer = LocalManager.of(Local.named("outer"));
                    Rows rows = outer.wrapBody(Rows.class, test.manager.wrapBody(Rows.class, test::rows)).call();
                    return new Reading(rows::next, rows);
                }
                default -> {
                    Rows rows = test.manager.wrapBody(Rows.class, test::rows).call();
                    Iterator<String> iterator = this == STREAM_OF_BODY ? rows.stream().iterator() : rows.iterator();
                    return new Reading(this == BODY ? rows::next : iterator::next, rows);
                }
            }
        }
    }

    private Rows rows() {
        local.set("user", "alice");
        return new Rows() {
            @Override
            public String next() {
                return step();
            }

            @Override
            public void close() {
                closed();
                unblock.countDown();
            }
        };
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
        assertThat(cell.get().isEmpty()).isTrue();
        assertThat(local.names()).isEmpty();
    }

    @Test
    void closingWhereTheFunctionWasCalledSeesTheValuesToo() throws Exception {
        Reading body = Form.BODY.open(this);
        FutureTask<String> reader = started(body.step);
        reading.await();
        body.closing.close();
        assertThat(reader.get(30, SECONDS)).isEqualTo("row");
        assertThat(log).containsExactly("closed by alice, step begun", "step ends for alice");
        assertThat(local.names()).isEmpty();
    }

    @Test
    void closingThatDoesNotEndTheStepDoesNotWaitForIt() throws Exception {
        Rows rows = manager.wrapBody(Rows.class, () -> {
            local.set("user", "alice");
            return (Rows) this::step;
        }).call();
        FutureTask<String> reader = started(rows::next);
        reading.await();
        rows.close();
        assertThat(reader.isDone()).isFalse();
        assertThat(cell.get().get("user", Cell.hash("user"))).isEqualTo("alice");
        unblock.countDown();
        assertThat(reader.get(30, SECONDS)).isEqualTo("row");
        assertThat(log).containsExactly("step ends for alice");
        assertThat(cell.get().isEmpty()).isTrue();
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
        Callable<Rows> wrapped = manager.wrapBody(Rows.class, this::rows);
        Rows rows = ScopedContext.where(key, "value").call(wrapped::call);
        FutureTask<String> reader = started(rows::next);
        reading.await();
        refuses.set(true);
        assertThatThrownBy(rows::close).isSameAs(refusal).hasNoSuppressedExceptions();
        rows.close();
        assertThat(reader.get(30, SECONDS)).isEqualTo("row");
        assertThat(log).containsExactly("closed by alice, step begun", "step ends for alice");
        assertThat(cell.get().isEmpty()).isTrue();
    }

    @Test
    void scopeIsClosedWhileAPieceRunsOnAnotherThread() throws Exception {
        LocalScope scope = manager.open();
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
        assertThat(cell.get().isEmpty()).isTrue();
    }

    /** Whichever comes last removes the values. */
    @Test
    void pieceThatEndsWhileTheScopeIsClosedLeavesNothing() throws Exception {
        for (int round = 0; round < 3_000; round++) {
            LocalScope scope = manager.open();
            CyclicBarrier start = new CyclicBarrier(2);
            AtomicReference<Cell> used = new AtomicReference<>();
            FutureTask<Object> piece = started(() -> scope.call(() -> {
                local.set("user", "alice");
                used.set(local.store.key.get());
                start.await();
                return "done";
            }));
            start.await();
            scope.close();
            piece.get(30, SECONDS);
            assertThat(used.get().isEmpty()).as("round " + round).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BODY", "STREAM"})
    void threadsThatCloseAtTheSameTimeCloseOnce(Form form) throws Exception {
        for (int round = 0; round < 1_000; round++) {
            AtomicInteger times = new AtomicInteger();
            AutoCloseable body = form == Form.BODY
                    ? manager.wrapBody(Rows.class, () -> new Rows() {
                        @Override
                        public String next() {
                            return "row";
                        }

                        @Override
                        public void close() {
                            times.incrementAndGet();
                        }
                    }).call()
                    : manager.wrap(() -> Stream.of("row").onClose(times::incrementAndGet)).call();
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

    /** A body. */
    @FunctionalInterface
    public interface Rows extends AutoCloseable {

        /** Returns the next row. */
        String next();

        /** Returns the rows. */
        default Iterator<String> iterator() {
            return stream().iterator();
        }

        /** Returns the rows. */
        default Stream<String> stream() {
            return Stream.generate(this::next);
        }

        @Override
        default void close() {
        }
    }
}
