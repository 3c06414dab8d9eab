package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.bind;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.spring.support.LogOfTheStarter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Methods with {@code @Async} on the executor that Spring chooses in an application with executors of its own. */
@ExtendWith({OutputCaptureExtension.class, LogOfTheStarter.class})
class AsyncExecutorChoiceTest {

    private final ApplicationContextRunner withoutThisRoom = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
            .withUserConfiguration(EnabledAsync.class);

    private final ApplicationContextRunner runner = withoutThisRoom
            .withConfiguration(AutoConfigurations.of(TaskContextAutoConfiguration.class));

    private final AtomicInteger handOffs = new AtomicInteger();

    @Test
    void springCreatesAnExecutorBesideAnExecutorServiceBean(CapturedOutput output) {
        withoutThisRoom.withUserConfiguration(Service.class)
                .run(seen("nobody on SimpleAsyncTaskExecutor-1"));
        runner.withUserConfiguration(Service.class).run(seen("alice on SimpleAsyncTaskExecutor-1"));
        assertThat(handOffs).hasValue(1);
        assertThat(output).containsOnlyOnce("Methods with @Async run on new threads, since there is neither a single"
                + " TaskExecutor bean nor an Executor bean with the name \"taskExecutor\"");
    }

    @Test
    void singleTaskExecutorBeanIsChosen() {
        runner.withUserConfiguration(Service.class, First.class).run(seen("alice on first-1"));
        assertThat(handOffs).hasValue(1);
    }

    @Test
    void beanWithThePreferredNameIsChosen() {
        runner.withUserConfiguration(First.class, Preferred.class).run(seen("alice on preferred-1"));
        assertThat(handOffs).hasValue(1);
    }

    @Test
    void executorOfAConfigurerIsChosen() {
        withoutThisRoom.withUserConfiguration(Configurer.class).run(seen("nobody on configured-1"));
        runner.withUserConfiguration(Configurer.class).run(seen("alice on configured-1"));
        assertThat(handOffs).hasValue(1);
    }

    @Test
    void executorOfTheJdkOfAConfigurerIsChosen() {
        runner.withUserConfiguration(JdkConfigurer.class).run(seen("alice on jdk"));
        assertThat(handOffs).hasValue(1);
    }

    @Test
    void excludedBeanOfAConfigurerIsLeftUnchanged() {
        runner.withPropertyValues("scopedcontext.task.exclude=first")
                .withUserConfiguration(First.class, ConfigurerOfBean.class).run(seen("nobody on first-1"));
    }

    @Test
    void annotatedBeanThatIsChosenIsWarnedOf(CapturedOutput output) {
        runner.withUserConfiguration(Excluded.class).run(seen("nobody on excluded-1"));
        assertThat(output).containsOnlyOnce(warning("excluded"));
    }

    @Test
    void listedBeanWithThePreferredNameIsWarnedOf(CapturedOutput output) {
        runner.withPropertyValues("scopedcontext.task.exclude=taskExecutor")
                .withUserConfiguration(First.class, Preferred.class).run(seen("nobody on preferred-1"));
        assertThat(output).containsOnlyOnce(warning("taskExecutor"));
    }

    @Test
    void excludedBeanThatIsNotChosenIsNotWarnedOf(CapturedOutput output) {
        runner.withUserConfiguration(Excluded.class, Preferred.class).run(seen("alice on preferred-1"));
        runner.withUserConfiguration(Excluded.class, Configurer.class).run(seen("alice on configured-1"));
        assertThat(output).doesNotContain("without the context of their caller");
    }

    @Test
    void executorOfSpringBootCanBeForcedBesideAnExcludedBean(CapturedOutput output) {
        runner.withPropertyValues("spring.task.execution.mode=force").withUserConfiguration(Excluded.class)
                .run(seen("alice on task-1"));
        assertThat(output).doesNotContain("without the context of their caller");
    }

    @Test
    void withoutAsyncMethodsNoBeanIsWarnedOf(CapturedOutput output) {
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TaskContextAutoConfiguration.class))
                .withUserConfiguration(Excluded.class).run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("without the context of their caller");
    }

    private static String warning(String name) {
        return "Methods with @Async run without the context of their caller, since Spring runs them on the bean \""
                + name + "\", which is excluded by @NoHandOff or scopedcontext.task.exclude. To run them on the"
                + " executor of Spring Boot, set spring.task.execution.mode=force";
    }

    private ContextConsumer<AssertableApplicationContext> seen(String expected) {
        return context -> assertThat(bind("alice", handOffs).call(() -> context.getBean(Work.class).see())
                .get(10, TimeUnit.SECONDS)).isEqualTo(expected);
    }

    static class Work {

        @Async
        public CompletableFuture<String> see() {
            return CompletableFuture.completedFuture(user() + " on " + Thread.currentThread().getName());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync(proxyTargetClass = true)
    static class EnabledAsync {

        @Bean
        Work work() {
            return new Work();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Service {

        @Bean
        ExecutorService service() {
            return Executors.newSingleThreadExecutor();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class First {

        @Bean
        ThreadPoolTaskExecutor first() {
            return pool("first-");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Excluded {

        @Bean
        @NoHandOff
        ThreadPoolTaskExecutor excluded() {
            return pool("excluded-");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Preferred {

        @Bean
        ThreadPoolTaskExecutor taskExecutor() {
            return pool("preferred-");
        }
    }

    @Configuration
    static class Configurer implements AsyncConfigurer {

        @Override
        public Executor getAsyncExecutor() {
            ThreadPoolTaskExecutor executor = pool("configured-");
            executor.setDaemon(true);
            executor.initialize();
            return executor;
        }
    }

    @Configuration
    static class JdkConfigurer implements AsyncConfigurer {

        @Override
        public Executor getAsyncExecutor() {
            return task -> new Thread(task, "jdk").start();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ConfigurerOfBean {

        @Bean
        AsyncConfigurer configurer(ThreadPoolTaskExecutor first) {
            return new AsyncConfigurer() {
                @Override
                public Executor getAsyncExecutor() {
                    return first;
                }
            };
        }
    }

    private static ThreadPoolTaskExecutor pool(String prefix) {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setThreadNamePrefix(prefix);
        return executor;
    }
}
