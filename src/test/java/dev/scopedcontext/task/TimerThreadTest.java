package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ChildJvm;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The timer thread of the JDK lives for ever, and must not keep the class loader of whoever first had a deadline. */
class TimerThreadTest {

    @Test
    void keepsNoContextClassLoaderOfItsFirstUser() throws Exception {
        assertThat(new ChildJvm().run(HasFirstDeadline.class)).contains("threads with the loader: []");
    }

    /** Has a time-out under a loader of its own, and looks for a thread that took it over. */
    public static final class HasFirstDeadline {

        private HasFirstDeadline() {
        }

        /** Runs the program. */
        public static void main(String[] arguments) throws Exception {
            ClassLoader loader = new ClassLoader(HasFirstDeadline.class.getClassLoader()) {
            };
            Thread.currentThread().setContextClassLoader(loader);
            try (var scope = TaskScope.open(c -> c.withTimeout(Duration.ofHours(1)))) {
                scope.fork(() -> "done");
                scope.join();
            }
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(loader);
            Thread.currentThread().setContextClassLoader(null);
            System.out.println("threads with the loader: " + Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getContextClassLoader() == loader).toList());
        }
    }
}
