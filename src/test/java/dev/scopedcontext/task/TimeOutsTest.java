package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.support.ChildJvm;
import dev.scopedcontext.support.Garbage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A timeout that is over leaves the JDK's timer at once, also on a JDK without JDK-8303742: there only a future that
 * completes normally takes its task out of the timer. The child JVM has that old class on whatever JDK this runs.
 */
class TimeOutsTest {

    private static final String OLD_CANCELLER = """
            package java.util.concurrent;

            final class CompletableFuture$Canceller implements java.util.function.BiConsumer<Object, Throwable> {

                final Future<?> f;

                CompletableFuture$Canceller(Future<?> f) {
                    this.f = f;
                }

                @Override
                public void accept(Object ignore, Throwable ex) {
                    if (ex == null && f != null && !f.isDone()) {
                        f.cancel(false);
                    }
                }
            }
            """;

    @TempDir
    Path temp;

    @Test
    void timeOutThatIsOverLeavesTheTimerOnOldJdksToo() throws Exception {
        Path source = Files.writeString(temp.resolve("CompletableFuture$Canceller.java"), OLD_CANCELLER);
        Path classes = temp.resolve("classes");
        int compiled = ToolProvider.findFirst("javac").orElseThrow().run(System.out, System.err, "--patch-module",
                "java.base=" + temp, "-d", classes.toString(), source.toString());
        assertThat(compiled).isZero();
        String printed = new ChildJvm().with("--patch-module", "java.base=" + classes, "--add-opens",
                "java.base/java.util.concurrent=ALL-UNNAMED").run(TimesOut.class);
        assertThat(printed).contains("the JDK's own, cancelled: 20").contains("orTimeout, completed: 0")
                .contains("orTimeout, failed: 0").contains("orTimeout, cancelled: 0")
                .contains("completeOnTimeout, completed: 0").contains("completeOnTimeout, cancelled: 0")
                .contains("task scope: 0");
    }

    @Test
    void alarmThatIsDroppedNeitherRunsNorHoldsItsAction() throws Exception {
        AtomicInteger rung = new AtomicInteger();
        Garbage garbage = new Garbage();
        Runnable drop = Ticker.SYSTEM.alarm(TimeUnit.DAYS.toNanos(1), garbage.add("action", action(rung)));
        drop.run();
        drop.run();
        garbage.assertCollected();
        assertThat(rung).hasValue(0);
    }

    private static Runnable action(AtomicInteger rung) {
        return rung::incrementAndGet;
    }

    @Test
    void alarmThatHasRungDoesNotRingAgainWhenItIsDropped() throws Exception {
        AtomicInteger rung = new AtomicInteger();
        CountDownLatch ringing = new CountDownLatch(1);
        Runnable drop = Ticker.SYSTEM.alarm(1, () -> {
            rung.incrementAndGet();
            ringing.countDown();
        });
        ringing.await();
        drop.run();
        assertThat(rung).hasValue(1);
    }

    /** Shows how many tasks each use leaves in the timer. */
    public static final class TimesOut {

        private static final int TIMES = 20;

        private TimesOut() {
        }

        /** Runs the program. */
        public static void main(String[] arguments) throws Exception {
            show("orTimeout, completed", 0, () -> future().orTimeout(1, TimeUnit.DAYS).complete("x"));
            show("orTimeout, failed", 0,
                    () -> future().orTimeout(1, TimeUnit.DAYS).completeExceptionally(new IllegalStateException()));
            show("orTimeout, cancelled", 0, () -> future().orTimeout(1, TimeUnit.DAYS).cancel(false));
            show("completeOnTimeout, completed", 0,
                    () -> future().completeOnTimeout("y", 1, TimeUnit.DAYS).complete("x"));
            show("completeOnTimeout, cancelled", 0,
                    () -> future().completeOnTimeout("y", 1, TimeUnit.DAYS).cancel(false));
            show("task scope", 0, () -> {
                try (var scope = TaskScope.open(Joiner.awaitAll(), c -> c.withTimeout(Duration.ofDays(1)))) {
                    return scope.join();
                }
            });
            show("the JDK's own, cancelled", TIMES,
                    () -> new CompletableFuture<>().orTimeout(1, TimeUnit.DAYS).cancel(false));
        }

        private static CompletableFuture<String> future() {
            return ContextExecutors.propagatingStage(new CompletableFuture<>());
        }

        private static void show(String name, int expected, Callable<?> use) throws Exception {
            long before = queued();
            for (int i = 0; i < TIMES; i++) {
                use.call();
            }
            for (int i = 0; i < 1_000 && queued() - before != expected; i++) {
                Thread.sleep(5); // from JDK 25 the timer's own thread adds and removes
            }
            System.out.println(name + ": " + (queued() - before));
        }

        private static long queued() throws ReflectiveOperationException {
            if (Runtime.version().feature() >= 25) {
                return (long) ForkJoinPool.class.getMethod("getDelayedTaskCount").invoke(ForkJoinPool.commonPool());
            }
            var timer = Class.forName("java.util.concurrent.CompletableFuture$Delayer").getDeclaredField("delayer");
            timer.setAccessible(true);
            return ((ScheduledThreadPoolExecutor) timer.get(null)).getQueue().size();
        }
    }
}
