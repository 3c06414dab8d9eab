package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.bind;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.spring.micrometer.MicrometerContextAutoConfiguration;
import dev.scopedcontext.spring.support.TaskValues;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;

/** An application whose tasks are also decorated by Micrometer, which carries the context as well. */
class MicrometerDecoratorTest {

    private static final ThreadLocal<String> OTHER = new ThreadLocal<>();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MicrometerContextAutoConfiguration.class,
                    TaskExecutionAutoConfiguration.class, TaskSchedulingAutoConfiguration.class,
                    TaskContextAutoConfiguration.class))
            .withUserConfiguration(Decorated.class);

    private final AtomicInteger handOffs = new AtomicInteger();

    @BeforeAll
    static void registerAnotherVariable() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("other", OTHER);
    }

    @AfterAll
    static void removeTheOtherVariable() {
        ContextRegistry.getInstance().removeThreadLocalAccessor("other");
    }

    @Test
    void twoDecoratorsThatCaptureByThemselvesHandOverTwice() throws Exception {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(MicrometerContextAutoConfiguration.class))
                .run(context -> {
                    SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
                    TaskDecorator micrometer = new ContextPropagatingTaskDecorator();
                    TaskDecorator ours = new ContextTaskDecorator(null);
                    executor.setTaskDecorator(task -> ours.decorate(micrometer.decorate(task)));
                    assertSubmittedTaskSees(executor, "alice and other");
                    assertThat(handOffs).hasValue(2);
                });
    }

    @Test
    void taskOfTheExecutorIsHandedOverOnce() {
        runner.run(context -> {
            assertSubmittedTaskSees(context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class),
                    "alice and other");
            assertThat(handOffs).hasValue(1);
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void taskOnAVirtualThreadIsHandedOverOnce() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true").run(context -> {
            assertSubmittedTaskSees(context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class),
                    "alice and other");
            assertThat(handOffs).hasValue(1);
        });
    }

    @Test
    void decoratorThatClearsWhatIsMissingHandsOverOnce() {
        runner.withBean("clearing", TaskDecorator.class, () -> new ContextPropagatingTaskDecorator(
                ContextSnapshotFactory.builder().clearMissing(true).build())).run(context -> {
                    assertSubmittedTaskSees(context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class),
                            "alice and other");
                    assertThat(handOffs.get()).as("two decorators of Micrometer each hand over").isLessThanOrEqualTo(2);
                });
    }

    @Test
    void taskIsHandedOverOnceIfMicrometerDoesNotCarryTheContext() {
        runner.withPropertyValues("scopedcontext.micrometer.enabled=false").run(context -> {
            assertSubmittedTaskSees(context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class),
                    "alice and other");
            assertThat(handOffs).hasValue(1);
        });
    }

    /** Spring Boot 4.1 then adds Micrometer's decorator. Spring Boot 4.0 ignores the property. */
    @Test
    void decoratorOfSpringBootHandsOverOnce() {
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MicrometerContextAutoConfiguration.class,
                TaskExecutionAutoConfiguration.class, TaskContextAutoConfiguration.class))
                .withPropertyValues("spring.task.execution.propagate-context=true").run(context -> {
                    assertSubmittedTaskSees(context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class),
                            context.getBeanNamesForType(TaskDecorator.class).length == 1
                                    ? "alice and null"
                                    : "alice and other");
                    assertThat(handOffs).hasValue(1);
                });
    }

    @Test
    void scheduledTaskIsHandedOverOnce() {
        runner.run(context -> assertScheduledTasksAreHandedOverOnce(context.getBean(TaskScheduler.class)));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void scheduledTaskOnAVirtualThreadIsHandedOverOnce() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> assertScheduledTasksAreHandedOverOnce(context.getBean(TaskScheduler.class)));
    }

    private void assertScheduledTasksAreHandedOverOnce(TaskScheduler scheduler) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        ScheduledFuture<?> once = bind("alice", handOffs)
                .call(() -> scheduler.schedule(() -> seen.complete(user()), Instant.now()));
        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("alice");
        assertThat(once.isCancelled()).isFalse();
        assertThat(handOffs).hasValue(1);

        BlockingQueue<String> runs = new LinkedBlockingQueue<>();
        ScheduledFuture<?> periodic = bind("bob", handOffs).call(() -> scheduler.scheduleAtFixedRate(
                () -> runs.add(user() + TaskValues.HAND_OFFS.get().get()), Duration.ofMillis(20)));
        assertThat(runs.poll(10, TimeUnit.SECONDS)).isEqualTo("bob2");
        assertThat(runs.poll(10, TimeUnit.SECONDS)).isEqualTo("bob3");
        periodic.cancel(false);
    }

    private void assertSubmittedTaskSees(AsyncTaskExecutor executor, String expected) throws Exception {
        OTHER.set("other");
        try {
            assertThat(bind("alice", handOffs).call(() -> executor.submit(() -> user() + " and " + OTHER.get()))
                    .get(10, TimeUnit.SECONDS)).isEqualTo(expected);
        } finally {
            OTHER.remove();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class Decorated {

        @Bean
        @Order(1)
        TaskDecorator micrometer() {
            return new ContextPropagatingTaskDecorator();
        }

        @Bean
        @Order(0)
        TaskDecorator own() {
            return task -> () -> task.run();
        }
    }
}
