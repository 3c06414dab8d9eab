package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand task scopes in random trees, whose subtasks succeed, fail, wait, open scopes of their own, are
 * cancelled, time out, and whose owners are interrupted. Whatever happens: when the outermost is closed, every thread
 * has gone, every subtask that began has ended, every context is as it was, and every failure can be found: in what
 * was thrown, in the log, or in a subtask whose scope joined normally.
 */
@OnEachEngine
class RandomTreeTest {

    private static final ContextKey<Integer> LEVEL = ContextKey.named("level");
    private static final int SCOPES = Integer.getInteger("scopes", 5_000);

    @Test
    void invariantsHoldInRandomTrees() {
        long seed = Long.getLong("seed", System.nanoTime());
        int opened = 0;
        for (int trees = 0; opened < SCOPES; trees++) {
            try (LogLines log = LogLines.capture()) {
                Tree tree = new Tree(seed + trees, log);
                tree.check();
                opened += tree.opened.get();
            }
        }
    }

    /** A failure of a subtask, numbered to be found again. */
    @SuppressWarnings("serial")
    private static final class Planted extends RuntimeException {
        Planted(String message) {
            super(message);
        }
    }

    private static final class Tree {

        private final long seed;
        private final LogLines log;
        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger nodes = new AtomicInteger();
        private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        private final Queue<Throwable> planted = new ConcurrentLinkedQueue<>();
        private final Queue<Throwable> found = new ConcurrentLinkedQueue<>();
        private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
        private final CountDownLatch never = new CountDownLatch(1);

        Tree(long seed, LogLines log) {
            this.seed = seed;
            this.log = log;
        }

        void check() {
            Random random = new Random(seed);
            try {
                scope(random, 0);
            } catch (Throwable failure) {
                found.add(failure);
            }
            Thread.interrupted();
            assertThat(wrong).as("seed " + seed).isEmpty();
            assertThat(threads).as("threads, seed " + seed).noneMatch(Thread::isAlive);
            assertThat(ended.get()).as("ended, seed " + seed).isEqualTo(begun.get());
            assertThat(ScopeChain.innermost()).as("open scopes, seed " + seed).isNull();
            assertThat(LEVEL.isBound()).as("bound, seed " + seed).isFalse();
            Set<Throwable> reachable = Collections.newSetFromMap(new IdentityHashMap<>());
            found.addAll(log.causes());
            found.forEach(failure -> collect(failure, reachable));
            assertThat(planted).as("failures, seed " + seed).allMatch(reachable::contains);
        }

        private static void collect(Throwable failure, Set<Throwable> reachable) {
            if (failure != null && reachable.add(failure)) {
                collect(failure.getCause(), reachable);
                for (Throwable suppressed : failure.getSuppressed()) {
                    collect(suppressed, reachable);
                }
            }
        }

        private Object scope(Random random, int level) throws Exception {
            return ScopedContext.where(LEVEL, level).<Object, Exception>call(() -> open(random, level));
        }

        private Object open(Random random, int level) throws Exception {
            Joiner<Object, ?, ? extends Exception> joiner = joiner(random);
            boolean timesOut = random.nextInt(10) == 0;
            int limit = random.nextInt(3);
            boolean interrupts = random.nextInt(8) == 0;
            boolean abandons = random.nextInt(10) == 0;
            List<Subtask<?>> subtasks = new ArrayList<>();
            int width = 1 + random.nextInt(5);
            boolean joined = false;
            try (TaskScope<Object, ?, ? extends Exception> scope = TaskScope.open(joiner, c -> {
                c = limit == 0 ? c : c.withMaxConcurrency(limit);
                return timesOut ? c.withTimeout(Duration.ofNanos(random.nextInt(500_000))) : c;
            })) {
                opened.incrementAndGet();
                for (int i = 0; i < width; i++) {
                    long childSeed = random.nextLong();
                    subtasks.add(scope.fork(() -> subtask(new Random(childSeed), level + 1)));
                }
                if (abandons) {
                    throw new Planted("abandoned at " + level);
                }
                if (interrupts) {
                    Thread.currentThread().interrupt();
                }
                Object result = scope.join();
                joined = true;
                return result;
            } finally {
                if (joined) {
                    subtasks.forEach(this::findIn);
                }
                if (!Integer.valueOf(level).equals(LEVEL.get())) {
                    wrong.add("level " + level + " sees " + LEVEL.get());
                }
            }
        }

        private void findIn(Subtask<?> subtask) {
            if (subtask.state() == Subtask.State.FAILED) {
                found.add(subtask.exception());
            }
        }

        private static Joiner<Object, ?, ? extends Exception> joiner(Random random) {
            return switch (random.nextInt(6)) {
                case 0 -> Joiner.allSuccessfulOrThrow();
                case 1 -> Joiner.anySuccessfulOrThrow();
                case 2 -> Joiner.quorum(2);
                case 3 -> Joiner.awaitAll();
                case 4 -> Joiner.collect();
                default -> Joiner.awaitAllSuccessfulOrThrow();
            };
        }

        private Object subtask(Random random, int level) throws Exception {
            begun.incrementAndGet();
            threads.add(Thread.currentThread());
            try {
                if (!Integer.valueOf(level - 1).equals(LEVEL.get())) {
                    wrong.add("subtask of level " + (level - 1) + " sees " + LEVEL.get());
                }
                return body(random, level);
            } finally {
                ended.incrementAndGet();
            }
        }

        private Object body(Random random, int level) throws Exception {
            switch (random.nextInt(7)) {
                case 0 -> {
                    Planted failure = new Planted("planted at " + level);
                    planted.add(failure);
                    throw failure;
                }
                case 1 -> {
                    if (!never.await(random.nextInt(400), java.util.concurrent.TimeUnit.MICROSECONDS)) {
                        return "waited";
                    }
                }
                case 2, 3, 4 -> {
                    if (level < 6 && nodes.incrementAndGet() < 60) {
                        return scope(random, level);
                    }
                }
                default -> {
                    return ScopedContext.where(LEVEL, -1).call(() -> "done");
                }
            }
            return "done";
        }
    }
}
