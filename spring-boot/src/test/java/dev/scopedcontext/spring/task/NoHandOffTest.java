package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.USER;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.spring.support.LogOfTheStarter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Executors that the application leaves out. */
@ExtendWith({OutputCaptureExtension.class, LogOfTheStarter.class})
class NoHandOffTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskContextAutoConfiguration.class))
            .withUserConfiguration(Declared.class);

    @Test
    void annotatedExecutorIsLeftUnchanged() {
        runner.withPropertyValues("scopedcontext.task.exclude=scheduler,service").run(context -> {
            assertThat(userSeenBy(context.getBean("exporter", Executor.class))).isEqualTo("nobody");
            assertThat(userSeenBy(context.getBean("own", Executor.class))).isEqualTo("nobody");
            assertThat(userSeenBy(context.getBean("pool", Executor.class))).isEqualTo("alice");
        });
    }

    @Test
    void listedExecutorsAreLeftUnchanged() {
        runner.withPropertyValues("scopedcontext.task.exclude=scheduler,service").run(context -> {
            assertThat(userSeenBy(context.getBean("scheduler", Executor.class))).isEqualTo("nobody");
            assertThat(userSeenBy(context.getBean("service", Executor.class))).isEqualTo("nobody");
        });
        runner.run(context -> {
            assertThat(userSeenBy(context.getBean("scheduler", Executor.class))).isEqualTo("alice");
            assertThat(userSeenBy(context.getBean("service", Executor.class))).isEqualTo("alice");
        });
    }

    @Test
    void aliasesMayBeListed(CapturedOutput output) {
        runner.withPropertyValues("scopedcontext.task.exclude=planner").run(context -> {
            assertThat(userSeenBy(context.getBean("scheduler", Executor.class))).isEqualTo("nobody");
            assertThat(userSeenBy(context.getBean("service", Executor.class))).isEqualTo("alice");
            assertThat(output).doesNotContain("scopedcontext.task.exclude");
        });
    }

    @Test
    void listedNamesOfNoExecutorAreWarnedAbout(CapturedOutput output) {
        runner.withPropertyValues("scopedcontext.task.exclude=service,servise,text").run(context -> {
            for (String name : List.of("servise", "text")) {
                assertThat(output).containsOnlyOnce("The property scopedcontext.task.exclude lists \"" + name
                        + "\", but no executor or scheduler bean has this name");
            }
            assertThat(output).doesNotContain("lists \"service\"");
        });
    }

    private static String userSeenBy(Executor executor) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        ScopedContext.where(USER, "alice").run(() -> executor.execute(() -> seen.complete(user())));
        return seen.get(10, TimeUnit.SECONDS);
    }

    @Configuration(proxyBeanMethods = false)
    static class Declared {

        // @start region="annotated"
        @Bean
        @NoHandOff
        ThreadPoolTaskExecutor exporter() {
            return new ThreadPoolTaskExecutor();
        }
        // @end

        @Bean
        ThreadPoolTaskExecutor pool() {
            return new ThreadPoolTaskExecutor();
        }

        @Bean
        Own own() {
            return new Own();
        }

        @Bean({"scheduler", "planner"})
        ThreadPoolTaskScheduler scheduler() {
            return new ThreadPoolTaskScheduler();
        }

        @Bean
        String text() {
            return "no executor";
        }

        @Bean
        ExecutorService service() {
            return Executors.newSingleThreadExecutor();
        }
    }

    @NoHandOff
    static class Own implements Executor {

        @Override
        public void execute(Runnable task) {
            new Thread(task).start();
        }
    }
}
