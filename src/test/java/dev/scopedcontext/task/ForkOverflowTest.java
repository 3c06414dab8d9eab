package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Forks at the end of the stack. Wherever they overflow, all other subtasks run, and the scope ends. Without care it
 * waits for a subtask that never runs, and the JDK's own scope for a thread that never starts.
 */
@OnEachEngine
class ForkOverflowTest {

    private static final int ROUNDS = 40;
    private static final int FORKS = 60;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    static List<Named<UnaryOperator<TaskScope.Configuration>>> configurations() {
        return List.of(Named.of("plain", c -> c), Named.of("limited", c -> c.withMaxConcurrency(2)),
                Named.of("own threads", c -> c.withThreadFactory(Thread::new)));
    }

    /** Compiles the code, since frames of compiled code are small: the stack then ends inside of the JDK's code. */
    @BeforeEach
    void forkOften() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            try (var scope = TaskScope.open(Joiner.<Integer>awaitAll())) {
                for (int j = 0; j < 50; j++) {
                    scope.fork(() -> 1);
                }
                scope.join();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void scopeEnds(UnaryOperator<TaskScope.Configuration> configuration) throws InterruptedException {
        int overflows = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Owner owner = new Owner(configuration);
            Thread thread = new Thread(null, owner, "owner", (256 + random.nextInt(64)) * 1024L);
            thread.setDaemon(true);
            thread.start();
            thread.join(LIMIT.toMillis());
            assertThat(thread.isAlive()).as("round %d of seed %d hangs in %s", i, seed, List.of(thread.getStackTrace()))
                    .isFalse();
            assertThat(owner.failure).as("round %d of seed %d", i, seed).isNull();
            assertThat(owner.ran).as("round %d of seed %d", i, seed).hasValue(owner.forked);
            overflows += owner.overflows;
        }
        assertThat(overflows).isGreaterThan(ROUNDS);
    }

    /** Forks from many depths, from the end of the stack on. */
    private static final class Owner implements Runnable {

        private final UnaryOperator<TaskScope.Configuration> configuration;
        private final AtomicInteger ran = new AtomicInteger();
        private final Callable<Integer> task = ran::incrementAndGet; // linked here, since linking needs stack
        private int tried;
        private int forked;
        private int overflows;
        private Throwable failure;

        Owner(UnaryOperator<TaskScope.Configuration> configuration) {
            this.configuration = configuration;
        }

        @Override
        public void run() {
            try (var scope = TaskScope.open(Joiner.<Integer>awaitAll(), configuration)) {
                descend(scope, 0);
                scope.join();
            } catch (Throwable thrown) {
                failure = thrown;
            }
        }

        private long descend(TaskScope<Integer, ?, ?> scope, int depth) {
            long reached = depth;
            try {
                reached = depth % 3 == 0
                        ? descend(scope, depth + 1, depth, depth + 1L, depth + 2L)
                        : descend(scope, depth + 1);
            } catch (StackOverflowError expected) {
                // the forks begin here
            }
            if (tried++ < FORKS) {
                fork(scope);
            }
            return reached + 1;
        }

        /** Has a frame of another size. */
        private long descend(TaskScope<Integer, ?, ?> scope, int depth, long first, long second, long third) {
            return descend(scope, depth) + first + second + third;
        }

        private void fork(TaskScope<Integer, ?, ?> scope) {
            try {
                scope.fork(task);
                forked++;
            } catch (StackOverflowError expected) {
                overflows++;
            }
        }
    }
}
