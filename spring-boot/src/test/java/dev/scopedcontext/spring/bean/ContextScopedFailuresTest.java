package dev.scopedcontext.spring.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.task.TaskScope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/** Beans that cannot be created or destroyed. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ContextScopedFailuresTest {

    private static final NamedContext JOB = NamedContext.named("job");

    private static final List<String> LOG = Collections.synchronizedList(new ArrayList<>());

    private static AnnotationConfigApplicationContext application;

    /** Cannot be created for the first time. */
    @ContextScoped("job")
    static class Flaky {

        private static final AtomicInteger CREATED = new AtomicInteger();
        private static volatile CountDownLatch waiting = new CountDownLatch(0);

        Flaky(Closing closing) throws InterruptedException {
            closing.use();
            waiting.await();
            if (CREATED.incrementAndGet() == 1) {
                throw new IllegalStateException("the first time");
            }
        }

        void use() {
        }
    }

    @ContextScoped("job")
    static class Closing implements AutoCloseable {

        void use() {
        }

        @Override
        public void close() {
            LOG.add("close");
        }
    }

    @ContextScoped("job")
    static class FailingToClose implements AutoCloseable {

        void use() {
        }

        @Override
        public void close() {
            throw new IllegalStateException("cannot be closed");
        }
    }

    @ContextScoped("job")
    static class FailingProcessor {

        void use() {
        }
    }

    /** Fails outside of the destroy methods, whose exceptions Spring logs. */
    static class Processor implements DestructionAwareBeanPostProcessor {

        @Override
        public boolean requiresDestruction(Object bean) {
            return bean.getClass() == FailingProcessor.class;
        }

        @Override
        public void postProcessBeforeDestruction(Object bean, String name) {
            if (bean.getClass() == FailingProcessor.class) {
                throw new IllegalStateException("processor");
            }
        }
    }

    @ContextScoped("job")
    static class First {

        First(Second second) {
            second.use();
        }

        void use() {
        }
    }

    @ContextScoped("job")
    static class Second {

        Second(First first) {
            first.use();
        }

        void use() {
        }
    }

    /** Needs itself in a subtask that it waits for. */
    @Component("greedy")
    @ContextScoped("job")
    static class NeedsItselfInSubtask {

        NeedsItselfInSubtask(ObjectProvider<NeedsItselfInSubtask> self)
                throws Exception {
            try (var scope = TaskScope.open()) {
                scope.fork(() -> self.getObject().use());
                scope.join();
            } catch (ExecutionException failure) {
                throw (Exception) failure.getCause();
            }
        }

        void use() {
        }
    }

    @Configuration
    @ImportAutoConfiguration(BeanContextAutoConfiguration.class)
    @Import({Flaky.class, Closing.class, FailingToClose.class, FailingProcessor.class, First.class, Second.class,
            NeedsItselfInSubtask.class, Processor.class})
    static class Application {

        @Bean
        NamedContext job() {
            return JOB;
        }
    }

    @BeforeAll
    static void start() {
        application = new AnnotationConfigApplicationContext(Application.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void reset() {
        LOG.clear();
        Flaky.CREATED.set(0);
    }

    private static <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    @Test
    void aFailedConstructorIsTriedAgain() {
        JOB.session().run(() -> {
            assertThatThrownBy(() -> bean(Flaky.class).use()).isInstanceOf(BeanCreationException.class)
                    .hasRootCauseMessage("the first time");
            bean(Flaky.class).use();
        });
        assertThat(LOG).containsExactly("close");
    }

    @Test
    void threadsThatWaitForAnInstanceGetItsFailure() throws Exception {
        CyclicBarrier start = new CyclicBarrier(4);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        Flaky.waiting = new CountDownLatch(1);
        JOB.session().call(() -> {
            try (var scope = TaskScope.open()) {
                List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
                for (int i = 0; i < 3; i++) {
                    scope.fork(() -> {
                        threads.add(Thread.currentThread());
                        start.await();
                        failures.add(catchThrowable(() -> bean(Flaky.class).use()));
                        return null;
                    });
                }
                start.await();
                while (threads.stream().anyMatch(thread -> thread.getState() == Thread.State.RUNNABLE)) {
                    Thread.onSpinWait();
                }
                Flaky.waiting.countDown();
                scope.join();
            }
            return null;
        });
        assertThat(failures).hasSize(3);
        assertThat(failures.get(0)).hasRootCauseMessage("the first time");
        assertThat(failures).allMatch(failure -> failure == failures.get(0));
    }

    @Test
    void aDestroyMethodThatFailsIsLoggedAndTheOthersAreCalled(CapturedOutput output) {
        JOB.session().run(() -> {
            bean(Closing.class).use();
            bean(FailingToClose.class).use();
        });
        assertThat(LOG).containsExactly("close");
        assertThat(output).contains("cannot be closed");
    }

    @Test
    void aCallbackThatFailsIsThrownAfterTheOthersAreCalled() {
        assertThatThrownBy(() -> JOB.session().run(() -> {
            bean(Closing.class).use();
            bean(FailingProcessor.class).use();
        })).hasMessage("processor");
        assertThat(LOG).containsExactly("close");
    }

    @Test
    void aCallbackThatFailsIsSuppressedIntoTheFailureOfTheBody() {
        assertThatThrownBy(() -> JOB.session().run(() -> {
            bean(Closing.class).use();
            bean(FailingProcessor.class).use();
            throw new IllegalArgumentException("body");
        })).hasMessage("body").satisfies(failure -> assertThat(failure.getSuppressed()).singleElement()
                .satisfies(suppressed -> assertThat(suppressed).hasMessage("processor")));
        assertThat(LOG).containsExactly("close");
    }

    @Test
    void aCircleOfConstructorsIsRefused() {
        JOB.session().run(() -> {
            assertThatThrownBy(() -> bean(First.class).use())
                    .hasRootCauseInstanceOf(BeanCurrentlyInCreationException.class);
            assertThatThrownBy(() -> bean(Second.class).use())
                    .hasRootCauseInstanceOf(BeanCurrentlyInCreationException.class);
        });
    }

    @Test
    void aCircleThroughASubtaskIsRefused() {
        JOB.session().run(() -> assertThatThrownBy(() -> bean(NeedsItselfInSubtask.class).use())
                .isInstanceOf(BeanCreationException.class)
                .cause().cause().isInstanceOf(BeanCurrentlyInCreationException.class)
                .hasMessageMatching("Error creating bean with name 'greedy': Resources need each other to be opened:"
                        + " job\\.bean greedy.* → job\\.bean greedy.*\\. Open one of them without the other, .*"));
    }
}
