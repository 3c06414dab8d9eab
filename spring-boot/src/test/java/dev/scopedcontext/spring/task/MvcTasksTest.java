package dev.scopedcontext.spring.task;

import static dev.scopedcontext.spring.support.TaskClient.get;
import static dev.scopedcontext.spring.support.TaskClient.getAsync;
import static dev.scopedcontext.spring.support.TaskValues.bind;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.boot.test.context.SpringBootTest.WebEnvironment.RANDOM_PORT;

import dev.scopedcontext.servlet.RequestFilter;
import dev.scopedcontext.spring.support.TaskValues;
import jakarta.servlet.DispatcherType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Results of controllers that Spring MVC runs as tasks. */
class MvcTasksTest {

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = RANDOM_PORT)
    class OnPlatformThreads extends Suite {
    }

    @Nested
    @EnabledForJreRange(min = JRE.JAVA_21)
    @SpringBootTest(classes = Application.class, webEnvironment = RANDOM_PORT)
    @TestPropertySource(properties = "spring.threads.virtual.enabled=true")
    class OnVirtualThreads extends Suite {
    }

    @Nested
    @SpringBootTest(classes = {Application.class,
            OwnExecutor.class}, webEnvironment = RANDOM_PORT)
    class BesideAnExecutorOfTheApplication extends Suite {

        @Autowired
        ApplicationContext context;

        @Test
        void springBootCreatesNoExecutor() {
            assertThat(context.containsBean("applicationTaskExecutor")).isFalse();
            assertThat(get(port, "/callable?user=alice")).startsWith("alice on MvcAsync");
        }
    }

    @Nested
    @SpringBootTest(classes = Application.class, webEnvironment = RANDOM_PORT)
    @TestPropertySource(properties = "scopedcontext.task.enabled=false")
    class SwitchedOff {

        @LocalServerPort
        int port;

        @Test
        void tasksSeeNoContext() {
            assertThat(get(port, "/callable?user=alice")).startsWith("nobody");
            assertThat(get(port, "/streaming?user=alice")).startsWith("nobody");
        }
    }

    abstract static class Suite {

        @LocalServerPort
        int port;

        @Test
        void callable() {
            assertThat(get(port, "/callable?user=alice")).startsWith("alice on ").endsWith(" after 1 hand-offs");
        }

        @Test
        void webAsyncTask() {
            assertThat(get(port, "/web-async-task?user=alice")).startsWith("alice").endsWith(" after 1 hand-offs");
        }

        @Test
        void streamingResponseBody() {
            assertThat(get(port, "/streaming?user=alice")).startsWith("alice").endsWith(" after 1 hand-offs");
        }

        @Test
        void asyncMethodOfARequest() {
            assertThat(get(port, "/async?user=alice")).startsWith("alice").endsWith(" after 1 hand-offs");
        }

        @Test
        void manyUsersAtOnce() {
            List<String> paths = List.of("/callable", "/web-async-task", "/streaming", "/async");
            List<CompletableFuture<Void>> answers = IntStream.range(0, 200).mapToObj(i -> {
                String user = "user" + i % 50;
                return getAsync(port, paths.get(i % 4) + "?user=" + user)
                        .thenAccept(answer -> assertThat(answer).startsWith(user + " on ").endsWith(" 1 hand-offs"));
            }).toList();

            answers.forEach(CompletableFuture::join);
        }
    }

    private static String seen() {
        return user() + " on " + Thread.currentThread().getName() + " after " + TaskValues.HAND_OFFS
                .orElse(new AtomicInteger()) + " hand-offs";
    }

    @RestController
    static class Pages {

        @Autowired
        Work work;

        @GetMapping("/callable")
        Callable<String> callable() {
            return () -> seen();
        }

        @GetMapping("/web-async-task")
        WebAsyncTask<String> webAsyncTask() {
            return new WebAsyncTask<>(10_000L, () -> seen());
        }

        @GetMapping("/streaming")
        StreamingResponseBody streaming() {
            return body -> body.write(seen().getBytes(StandardCharsets.UTF_8));
        }

        @GetMapping("/async")
        CompletableFuture<String> async() {
            return work.see();
        }
    }

    static class Work {

        @Async
        public CompletableFuture<String> see() {
            return CompletableFuture.completedFuture(seen());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(excludeName = {
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"})
    @EnableAsync(proxyTargetClass = true)
    @Import({Pages.class, Work.class})
    static class Application {

        @Bean
        FilterRegistrationBean<RequestFilter> filter() {
            FilterRegistrationBean<RequestFilter> registration = new FilterRegistrationBean<>(RequestFilter
                    .entering(request -> bind(request.getParameter("user"), new AtomicInteger())));
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
            return registration;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnExecutor {

        @Bean
        ExecutorService taskExecutor() {
            return Executors.newFixedThreadPool(4);
        }
    }
}
