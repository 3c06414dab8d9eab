package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.executor.ContextExecutors;
import dev.scopedcontext.support.ChildJvm;
import dev.scopedcontext.support.OwnLibrary;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The timer thread of the JDK lives as long as the JVM, and keeps nothing of the code that first has a timeout. */
@Tag("per-jdk")
class TimerThreadTest {

    @ParameterizedTest
    @ValueSource(strings = {"deadline", "orTimeout", "completeOnTimeout"})
    void keepsNothingOfItsFirstUser(String timeOut) throws Exception {
        assertThat(new ChildJvm().run(HasFirstTimeOut.class, timeOut)).contains("timer threads: 1")
                .contains("the loader of the first user is collected");
    }

    /** Has a timeout in classes of a loader of its own, with what else a new thread would inherit. */
    public static final class HasFirstTimeOut {

        private HasFirstTimeOut() {
        }

        /** Runs the program. */
        public static void main(String[] arguments) throws Exception {
            WeakReference<ClassLoader> loader = use(arguments[0]);
            System.out.println("timer threads: " + Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().matches("CompletableFutureDelayScheduler|.*-delayScheduler"))
                    .count());
            OwnLibrary.assertCollected(loader);
            System.out.println("the loader of the first user is collected");
        }

        private static WeakReference<ClassLoader> use(String timeOut) throws Exception {
            InheritableThreadLocal<Object> inheritable = new InheritableThreadLocal<>();
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            try (OwnLibrary loader = new OwnLibrary(before)) {
                Class<?> program = Class.forName(TimesOut.class.getName(), true, loader);
                Runnable uses = (Runnable) program.getConstructor(String.class).newInstance(timeOut);
                inheritable.set(uses);
                thread.setContextClassLoader(loader);
                uses.run();
                assertThat(thread.getContextClassLoader()).isSameAs(loader);
                return new WeakReference<>(loader);
            } finally {
                thread.setContextClassLoader(before);
                inheritable.remove();
            }
        }
    }

    /** Has a timeout that is far away, and is in time. */
    public static final class TimesOut implements Runnable {

        private final String timeOut;

        /** Makes one with a kind of timeout. */
        public TimesOut(String timeOut) {
            this.timeOut = timeOut;
        }

        @Override
        public void run() {
            CompletableFuture<Object> future = ContextExecutors.propagatingStage(new CompletableFuture<>());
            switch (timeOut) {
                case "deadline" -> openAndClose();
                case "orTimeout" -> future.orTimeout(1, TimeUnit.DAYS).complete(this);
                default -> future.completeOnTimeout(this, 1, TimeUnit.DAYS).complete("done");
            }
        }

        private static void openAndClose() {
            try (var scope = TaskScope.open(Joiner.awaitAll(), c -> c.withTimeout(Duration.ofDays(1)))) {
                scope.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
