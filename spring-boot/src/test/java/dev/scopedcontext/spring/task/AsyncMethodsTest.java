package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.bind;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.boot.test.context.SpringBootTest.WebEnvironment.NONE;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.spring.support.TaskValues;
import dev.scopedcontext.task.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.test.context.TestPropertySource;

/** Methods with {@code @Async} on the executor of Spring Boot. */
class AsyncMethodsTest {

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = NONE)
    class OnPlatformThreads extends Suite {
    }

    @Nested
    @EnabledForJreRange(min = JRE.JAVA_21)
    @SpringBootTest(classes = Application.class, webEnvironment = NONE)
    @TestPropertySource(properties = "spring.threads.virtual.enabled=true")
    class OnVirtualThreads extends Suite {
    }

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = NONE)
    @TestPropertySource(properties = "scopedcontext.task.enabled=false")
    class SwitchedOff {

        @Autowired
        Work work;

        @Test
        void methodSeesNoContext() throws Exception {
            assertThat(bind("alice", new AtomicInteger()).call(() -> work.future()).get(10, TimeUnit.SECONDS))
                    .startsWith("nobody on task-");
        }
    }

    abstract static class Suite {

        private final AtomicInteger handOffs = new AtomicInteger();

        @Autowired
        Work work;

        @Test
        void methodRunsInTheContextOfItsCaller() throws Exception {
            Future<String> alice = bind("alice", handOffs).call(() -> work.future());
            Future<String> bob = bind("bob", handOffs).call(() -> work.future());

            assertThat(alice.get(10, TimeUnit.SECONDS)).startsWith("alice on task-");
            assertThat(bob.get(10, TimeUnit.SECONDS)).startsWith("bob on task-");
            assertThat(handOffs).hasValue(2);
        }

        @Test
        void voidMethodRunsInTheContextOfItsCaller() throws Exception {
            CompletableFuture<String> seen = new CompletableFuture<>();
            bind("alice", handOffs).run(() -> work.complete(seen));

            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("alice");
            assertThat(handOffs).hasValue(1);
        }

        @Test
        void methodOfAMethodIsHandedOverAgain() throws Exception {
            CompletableFuture<String> seen = new CompletableFuture<>();
            bind("alice", handOffs).run(() -> work.completeInAnotherTask(seen));

            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("alice");
            assertThat(handOffs).hasValue(2);
        }

        @Test
        void callbackRunsInTheContextOfTheTaskUnlessItIsWrapped() throws Exception {
            CountDownLatch added = new CountDownLatch(1);
            CompletableFuture<String> inTask = bind("alice", handOffs).call(() -> work.after(added));
            CompletableFuture<String> before = bind("bob", handOffs).call(() -> inTask.thenApply(user -> user()));
            CompletableFuture<String> wrapped = ScopedContext.where(TaskValues.USER, "bob")
                    .call(() -> inTask.thenApply(ScopedContext.capture().wrapFunction(user -> user())));
            added.countDown();

            assertThat(before.get(10, TimeUnit.SECONDS)).as("the task completes the future").isEqualTo("alice");
            assertThat(wrapped.get(10, TimeUnit.SECONDS)).isEqualTo("bob");
            assertThat(handOffs).as("the callback is not a task").hasValue(1);
        }

        @Test
        void methodRunsAfterTheDeadlineSoThatItsFutureCompletes() throws Exception {
            Future<String> future = Deadline.within(Duration.ofNanos(1)).where(TaskValues.USER, "alice")
                    .call(() -> work.future());

            assertThat(future.get(10, TimeUnit.SECONDS)).startsWith("alice");
        }

        @Test
        void nothingIsLeftOnAThreadOfThePool() throws Exception {
            for (int i = 0; i < 20; i++) {
                bind("alice", handOffs).call(() -> work.future()).get(10, TimeUnit.SECONDS);
            }

            for (int i = 0; i < 20; i++) {
                assertThat(work.future().get(10, TimeUnit.SECONDS)).startsWith("nobody");
            }
        }
    }

    static class Work {

        @Autowired
        private ObjectProvider<Work> self;

        @Async
        public CompletableFuture<String> future() {
            return CompletableFuture.completedFuture(user() + " on " + Thread.currentThread().getName());
        }

        @Async
        public CompletableFuture<String> after(CountDownLatch latch) {
            try {
                assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return CompletableFuture.completedFuture(user());
        }

        @Async
        public void complete(CompletableFuture<String> seen) {
            seen.complete(user());
        }

        @Async
        public void completeInAnotherTask(CompletableFuture<String> seen) {
            self.getObject().complete(seen);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(proxyTargetClass = true)
    @Import(Work.class)
    @ImportAutoConfiguration({TaskExecutionAutoConfiguration.class, TaskContextAutoConfiguration.class})
    static class Application {
    }
}
