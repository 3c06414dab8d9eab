package dev.scopedcontext.spring.micrometer;

import static dev.scopedcontext.spring.support.TaskClient.get;
import static dev.scopedcontext.spring.support.TaskClient.getAsync;
import static dev.scopedcontext.spring.support.TaskValues.USER;
import static dev.scopedcontext.spring.support.TaskValues.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.micrometer.ScopedContextAccessor;
import dev.scopedcontext.reactor.ReactorContexts;
import dev.scopedcontext.servlet.RequestFilter;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Controllers that return publishers, with {@code spring.reactor.context-propagation}. */
class ReactorPropagationTest {

    private static final String SECURITY = "spring.autoconfigure.exclude="
            + "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration,"
            + "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration,"
            + "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration,"
            + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration";

    /** The hook belongs to the process. */
    @AfterAll
    static void switchPropagationOff() {
        Hooks.disableAutomaticContextPropagation();
    }

    @Nested
    @DirtiesContext
    @SpringBootTest(classes = Mvc.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
            SECURITY, "spring.reactor.context-propagation=auto"})
    class InMvc extends Suite {
    }

    @Nested
    @DirtiesContext
    @SpringBootTest(classes = WebFlux.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
            SECURITY, "spring.reactor.context-propagation=auto", "spring.main.web-application-type=reactive"})
    class InWebFlux extends Suite {
    }

    @Nested
    @DirtiesContext
    @SpringBootTest(classes = Mvc.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
            SECURITY, "spring.reactor.context-propagation=auto", "scopedcontext.micrometer.enabled=false"})
    class SwitchedOff {

        private final List<ThreadLocalAccessor<?>> ofOtherApplications = ContextRegistry.getInstance()
                .getThreadLocalAccessors().stream().filter(each -> each.key().equals(ScopedContextAccessor.KEY))
                .toList();

        @LocalServerPort
        int port;

        @BeforeEach
        void removeTheAccessorOfOtherApplications() {
            ContextRegistry.getInstance().removeThreadLocalAccessor(ScopedContextAccessor.KEY);
        }

        @AfterEach
        void registerTheAccessorOfOtherApplications() {
            ofOtherApplications.forEach(ContextRegistry.getInstance()::registerThreadLocalAccessor);
        }

        @Test
        void operatorsSeeNoContext() {
            assertThat(get(port, "/mono?user=alice")).startsWith("nobody on parallel-");
        }
    }

    abstract static class Suite {

        @LocalServerPort
        int port;

        @Test
        void monoThatIsDelayed() {
            assertThat(get(port, "/mono?user=alice")).startsWith("alice on parallel-");
        }

        @Test
        void fluxOnAnotherScheduler() {
            assertThat(get(port, "/flux?user=alice")).isEqualTo("alice1alice2alice3");
        }

        @Test
        void manyUsersAtOnce() {
            List<CompletableFuture<Void>> answers = IntStream.range(0, 200).mapToObj(i -> {
                String user = "user" + i % 50;
                return i % 2 == 0
                        ? getAsync(port, "/mono?user=" + user)
                                .thenAccept(answer -> assertThat(answer).startsWith(user + " on "))
                        : getAsync(port, "/flux?user=" + user).thenAccept(
                                answer -> assertThat(answer).isEqualTo(user + "1" + user + "2" + user + "3"));
            }).toList();

            answers.forEach(CompletableFuture::join);
        }

        @Test
        void nothingIsLeftOnAThreadOfAScheduler() {
            assertThat(get(port, "/mono?user=alice")).startsWith("alice");
            assertThat(Flux.range(0, 50).flatMap(i -> Mono.fromSupplier(() -> user())
                    .subscribeOn(Schedulers.parallel())).distinct().collectList().block(Duration.ofSeconds(10)))
                    .containsExactly("nobody");
        }
    }

    @RestController
    static class Pages {

        @GetMapping("/mono")
        Mono<String> mono() {
            return Mono.delay(Duration.ofMillis(5)).map(tick -> user() + " on " + Thread.currentThread().getName());
        }

        /**
         * WebFlux requests the second element from the thread of the event loop. Without {@code contextWrite}, which
         * restores the context for requests too, {@code publishOn} takes over the context of that thread.
         */
        @GetMapping("/flux")
        Flux<String> flux() {
            return Flux.range(1, 3).publishOn(Schedulers.boundedElastic()).map(i -> user() + i)
                    .contextWrite(context -> context);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Pages.class)
    static class Mvc {

        @Bean
        FilterRegistrationBean<RequestFilter> filter() {
            FilterRegistrationBean<RequestFilter> registration = new FilterRegistrationBean<>(RequestFilter
                    .entering(request -> ScopedContext.where(USER, request.getParameter("user"))));
            registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
            return registration;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Pages.class)
    static class WebFlux {

        @Bean
        WebFilter filter() {
            return (exchange, chain) -> {
                String user = exchange.getRequest().getQueryParams().getFirst("user");
                ContextSnapshot context = ScopedContext.where(USER, String.valueOf(user)).call(ScopedContext::capture);
                return chain.filter(exchange).contextWrite(ReactorContexts.writing(context));
            };
        }
    }
}
