package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.support.ChildJvm;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A subtask that ends when no memory is left has an outcome all the same, or its scope has a failure to throw. */
@Tag("per-jdk")
class OutOfMemoryInSubtaskTest {

    /** Fills the memory of a small JVM to the last byte before a subtask ends. */
    static final class Exhausting {

        private static final int ROUNDS = 40;

        @SuppressWarnings("UnusedVariable") // so that it is reachable
        private static Object[] held = new Object[0];

        private Exhausting() {
        }

        private static void fill() {
            Object[] chain = null;
            for (int size = 1 << 20; size >= 1; size /= 2) {
                try {
                    while (true) {
                        chain = new Object[]{chain, new byte[size]};
                        held = chain;
                    }
                } catch (OutOfMemoryError full) {
                    held = chain == null ? new Object[0] : chain;
                }
            }
        }

        /** Tells whether a scope lost the outcome of a subtask that fails with the memory full. */
        private static boolean losesFailure(RuntimeException failure, Runnable beforeItFails) {
            CountDownLatch ended = new CountDownLatch(1);
            Subtask<Object> subtask = null;
            try (var scope = TaskScope.open(c -> c.withThreadFactory(Thread::new))) {
                subtask = scope.fork(() -> {
                    beforeItFails.run();
                    throw failure;
                });
                scope.fork(() -> {
                    ended.await();
                    return "other";
                });
                ended.countDown();
                scope.join();
            } catch (Throwable told) {
                return false; // an error, if there is no memory for an ExecutionException
            } finally {
                held = new Object[0];
            }
            return subtask == null || subtask.state() != Subtask.State.FAILED;
        }

        public static void main(String[] args) {
            Engines.use(Engines.choose(args.length > 0 ? args[0] : null));
            losesFailure(new IllegalStateException("so that all classes are loaded"), () -> {
            });
            int lost = 0;
            for (int round = 0; round < ROUNDS; round++) {
                lost += losesFailure(new IllegalStateException("of round " + round), Exhausting::fill) ? 1 : 0;
            }
            System.out.println("lost: " + lost + " of " + ROUNDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "portable"})
    void losesNoFailure(String engine) throws Exception {
        ChildJvm child = new ChildJvm().with("-Xmx24m", "-XX:+UseSerialGC");
        String printed = engine.isEmpty() ? child.run(Exhausting.class) : child.run(Exhausting.class, engine);
        assertThat(printed).contains("lost: 0 of 40");
    }
}
