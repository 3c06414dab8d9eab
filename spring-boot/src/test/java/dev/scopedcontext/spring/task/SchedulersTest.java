package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.HAND_OFFS;
import static dev.scopedcontext.spring.support.TaskValues.USER;
import static dev.scopedcontext.spring.support.TaskValues.bind;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.boot.test.context.SpringBootTest.WebEnvironment.NONE;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.HandOff;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.spring.support.TaskValues;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ConcurrentTaskScheduler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.support.PeriodicTrigger;
import org.springframework.test.context.TestPropertySource;

/** Schedulers of Spring Boot and of the application: tasks that code in a context schedules. */
@SuppressWarnings("FutureReturnValueIgnored") // of scheduled tasks
class SchedulersTest {

    @Nested
    @SpringBootTest(classes = OfSpringBoot.class, webEnvironment = NONE)
    class OfSpringBootOnPlatformThreads extends Suite {

        @Autowired
        ThreadPoolTaskScheduler byClass;

        @Test
        void canBeInjectedByItsClass() {
            assertThat(byClass).isSameAs(scheduler);
            assertThat(byClass.getPoolSize()).isLessThanOrEqualTo(1);
            assertThat(byClass.getThreadNamePrefix()).isEqualTo("scheduling-");
        }
    }

    @Nested
    @EnabledForJreRange(min = JRE.JAVA_21)
    @SpringBootTest(classes = OfSpringBoot.class, webEnvironment = NONE)
    @TestPropertySource(properties = "spring.threads.virtual.enabled=true")
    class OfSpringBootOnVirtualThreads extends Suite {

        @Autowired
        SimpleAsyncTaskScheduler byClass;

        @Test
        void canBeInjectedByItsClass() {
            assertThat(byClass).isSameAs(scheduler);
            assertThat(byClass.isActive()).isTrue();
        }
    }

    @Nested
    @SpringBootTest(classes = Concurrent.class, webEnvironment = NONE)
    class OnAnExecutorOfTheApplication extends Suite {
    }

    abstract static class Suite {

        private static final ContextKey<List<String>> LINES = ContextKey.<List<String>>builder("lines")
                .handOff(HandOff.copy(ArrayList::new)).build();

        private final AtomicInteger handOffs = new AtomicInteger();
        private final BlockingQueue<String> runs = new LinkedBlockingQueue<>();

        @Autowired
        TaskScheduler scheduler;

        @Test
        void taskOfLaterRunsInTheContextInWhichItWasScheduled() throws Exception {
            bind("alice", handOffs).run(() -> scheduler.schedule(this::note, Instant.now().plusMillis(5)));

            assertThat(run()).isEqualTo("alice");
            assertThat(handOffs).hasValue(1);
        }

        @Test
        void eachRepetitionAtAFixedRateIsHandedOverOnce() throws Exception {
            repeat(task -> scheduler.scheduleAtFixedRate(task, Duration.ofMillis(2)));
        }

        @Test
        void eachRepetitionAfterAFixedDelayIsHandedOverOnce() throws Exception {
            repeat(task -> scheduler.scheduleWithFixedDelay(task, Duration.ofMillis(2)));
        }

        @Test
        void eachRepetitionOfATriggerIsHandedOverOnce() throws Exception {
            repeat(task -> scheduler.schedule(task, new PeriodicTrigger(Duration.ofMillis(2))));
        }

        private void repeat(Function<Runnable, Future<?>> schedule) throws Exception {
            Future<?> future = bind("alice", handOffs).where(LINES, new ArrayList<>()).call(() -> schedule.apply(() -> {
                LINES.get().add("line");
                runs.add(user() + ", lines " + LINES.get().size() + ", hand-offs " + HAND_OFFS.get());
            }));
            for (int i = 1; i <= 3; i++) {
                assertThat(run()).as("each starts with the values of the submission")
                        .isEqualTo("alice, lines 1, hand-offs " + i);
            }
            future.cancel(false);
            assertThat(future.isCancelled()).isTrue();
        }

        @Test
        void executedAndSubmittedTasksAreHandedOverOnce() throws Exception {
            AsyncTaskExecutor executor = (AsyncTaskExecutor) scheduler;
            bind("alice", handOffs).run(() -> executor.execute(this::note));
            assertThat(run()).isEqualTo("alice");
            assertThat(bind("alice", handOffs).call(() -> executor.submit(TaskValues::user)).get(10, TimeUnit.SECONDS))
                    .isEqualTo("alice");
            assertThat(bind("alice", handOffs).call(() -> executor.submitCompletable(TaskValues::user))
                    .get(10, TimeUnit.SECONDS)).isEqualTo("alice");
            assertThat(handOffs).hasValue(3);
        }

        @Test
        void nothingIsLeftForTheNextTask() throws Exception {
            bind("alice", handOffs).run(() -> scheduler.schedule(this::note, Instant.now()));
            assertThat(run()).isEqualTo("alice");
            ScopedContext.where(USER, "bob").run(() -> scheduler.schedule(this::note, Instant.now()));
            assertThat(run()).isEqualTo("bob");
            scheduler.schedule(this::note, Instant.now());
            assertThat(run()).isEqualTo("nobody");
        }

        private void note() {
            runs.add(user());
        }

        private String run() throws InterruptedException {
            return runs.poll(10, TimeUnit.SECONDS);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    @ImportAutoConfiguration({TaskSchedulingAutoConfiguration.class, TaskContextAutoConfiguration.class})
    static class OfSpringBoot {
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TaskContextAutoConfiguration.class)
    static class Concurrent {

        @Bean
        ScheduledExecutorService executor() {
            return Executors.newSingleThreadScheduledExecutor();
        }

        @Bean
        TaskScheduler taskScheduler(ScheduledExecutorService executor) {
            return new ConcurrentTaskScheduler(executor);
        }
    }
}
