package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskValues.USER;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ScopedContext;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Tasks that the application declares, in an application that is started in a context. */
@SuppressWarnings("FutureReturnValueIgnored") // of scheduled tasks
class ScheduledMethodsTest {

    @Test
    void scheduledMethodsStartWithAnEmptyContext() throws Exception {
        assertMethodsSeeNobody();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void scheduledMethodsStartWithAnEmptyContextOnVirtualThreads() throws Exception {
        assertMethodsSeeNobody("spring.threads.virtual.enabled=true");
    }

    @Test
    void schedulerThatAConfigurerSetsStartsThemWithAnEmptyContextToo() throws Exception {
        try (ConfigurableApplicationContext context = start(WithConfigurer.class)) {
            assertThat(context.getBean(Work.class).cron.get(10, TimeUnit.SECONDS)).isEqualTo("nobody on own-1");
        }
    }

    @Test
    void codeThatSchedulesATaskAtTheStartHandsItsContextOver() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (ConfigurableApplicationContext context = start(Application.class)) {
            ScopedContext.where(USER, "alice").run(() -> context.getBean(TaskScheduler.class)
                    .schedule(() -> seen.complete(user()), Instant.now()));
            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("alice");
        }
    }

    private static void assertMethodsSeeNobody(String... properties) throws Exception {
        try (ConfigurableApplicationContext context = start(Application.class, properties)) {
            Work work = context.getBean(Work.class);
            assertThat(work.rate.get(10, TimeUnit.SECONDS)).startsWith("nobody on scheduling-");
            assertThat(work.delay.get(10, TimeUnit.SECONDS)).startsWith("nobody on scheduling-");
            assertThat(work.cron.get(10, TimeUnit.SECONDS)).startsWith("nobody on scheduling-");
            assertThat(work.once.get(10, TimeUnit.SECONDS)).startsWith("nobody on scheduling-");
        }
    }

    private static ConfigurableApplicationContext start(Class<?> application, String... properties) {
        return ScopedContext.where(USER, "starter").call(() -> new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE).properties(properties).run());
    }

    static class Work {

        final CompletableFuture<String> rate = new CompletableFuture<>();
        final CompletableFuture<String> delay = new CompletableFuture<>();
        final CompletableFuture<String> cron = new CompletableFuture<>();
        final CompletableFuture<String> once = new CompletableFuture<>();

        @Scheduled(fixedRate = 1000)
        void rate() {
            note(rate);
        }

        @Scheduled(fixedDelay = 1000)
        void delay() {
            note(delay);
        }

        @Scheduled(cron = "* * * * * *")
        void cron() {
            note(cron);
        }

        @Scheduled(initialDelay = 1)
        void once() {
            note(once);
        }

        private static void note(CompletableFuture<String> seen) {
            seen.complete(user() + " on " + Thread.currentThread().getName());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    @Import(Work.class)
    @ImportAutoConfiguration({TaskSchedulingAutoConfiguration.class, TaskContextAutoConfiguration.class})
    static class Application {
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    @Import(Work.class)
    @ImportAutoConfiguration(TaskContextAutoConfiguration.class)
    static class WithConfigurer {

        @Bean
        TaskScheduler own() {
            ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
            scheduler.setThreadNamePrefix("own-");
            return scheduler;
        }

        @Bean
        SchedulingConfigurer configurer(TaskScheduler own) {
            return registrar -> registrar.setScheduler(own);
        }
    }
}
