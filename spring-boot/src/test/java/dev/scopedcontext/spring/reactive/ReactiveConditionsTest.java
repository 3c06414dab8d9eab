package dev.scopedcontext.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.baggage.ContextBaggage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;

/** Conditions under which exchanges have scopes. */
class ReactiveConditionsTest {

    private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations
            .of(ReactiveContextAutoConfiguration.class, ExchangeBaggageConfiguration.class);

    private final ReactiveWebApplicationContextRunner empty = new ReactiveWebApplicationContextRunner()
            .withConfiguration(CONFIGURATIONS);

    private final ReactiveWebApplicationContextRunner withOpener = empty.withBean(ExchangeScopeOpener.class,
            () -> exchange -> ScopedContext.without());

    @Test
    void filtersOpenScopesIfThereAreOpeners() {
        withOpener.run(context -> assertThat(opening(context)).containsExactly("scopedContextWebFilter"));
        withOpener.withBean(PrincipalScopeOpener.class, () -> (exchange, user) -> ScopedContext.without())
                .run(context -> assertThat(opening(context)).containsExactly("scopedContextWebFilter",
                        "scopedContextWebFilterAfterSecurity"));
    }

    @Test
    void openersOfLaterConfigurationsAreFound() {
        empty.withConfiguration(AutoConfigurations.of(Later.class))
                .run(context -> assertThat(opening(context)).containsExactly("scopedContextWebFilter"));
    }

    @Test
    void baggageIsAnOpener() {
        empty.withBean(ContextBaggage.class, () -> ContextBaggage.builder().build())
                .run(context -> assertThat(opening(context)).containsExactly("scopedContextWebFilter"));
        empty.withBean(ContextBaggage.class, () -> ContextBaggage.builder().build())
                .withPropertyValues("scopedcontext.client.enabled=false")
                .run(context -> assertThat(opening(context)).isEmpty());
    }

    @Test
    void nothingIsDoneWithoutOpeners() {
        empty.run(context -> {
            assertThat(opening(context)).isEmpty();
            assertThat(context.getBean(FailureRecorder.class).supports(new Object())).isFalse();
            WebHttpHandlerBuilder builder = WebHttpHandlerBuilder.webHandler(exchange -> Mono.empty())
                    .exceptionHandler((exchange, failure) -> Mono.empty());
            context.getBean(WebHttpHandlerBuilderCustomizer.class).customize(builder);
            builder.exceptionHandlers(handlers -> assertThat(handlers)
                    .noneMatch(ErrorHandlerInContext.class::isInstance));
        });
    }

    private static List<String> opening(ApplicationContext context) {
        return context.getBeansOfType(ExchangeScopeFilter.class).entrySet().stream()
                .filter(filter -> filter.getValue().opensScopes()).map(Map.Entry::getKey).toList();
    }

    @Test
    void nothingIsAddedIfSwitchedOff() {
        withOpener.withPropertyValues("scopedcontext.reactive.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ExchangeScopeFilter.class));
    }

    @Test
    void theOrderOfTheFilterCanBeSet() {
        withOpener.run(
                context -> assertThat(context.getBean("scopedContextWebFilter", ExchangeScopeFilter.class).getOrder())
                        .isEqualTo(Integer.MIN_VALUE));
        withOpener.withPropertyValues("scopedcontext.reactive.order=7")
                .run(context -> assertThat(
                        context.getBean("scopedContextWebFilter", ExchangeScopeFilter.class).getOrder()).isEqualTo(7));
    }

    @Test
    void theFilterMustBeOutsideOfTheOneAfterSecurity() {
        ReactiveWebApplicationContextRunner both = withOpener.withBean(PrincipalScopeOpener.class,
                () -> (exchange, user) -> ScopedContext.without());
        both.withPropertyValues("scopedcontext.reactive.order=-100")
                .run(context -> assertThat(context).hasNotFailed());
        both.withPropertyValues("scopedcontext.reactive.order=-99")
                .run(context -> assertThat(context).getFailure().rootCause().isInstanceOf(IllegalStateException.class)
                        .hasMessage("scopedcontext.reactive.order is -99, but must be smaller than -99, the order of"
                                + " the filter that opens scopes after Spring Security"));
    }

    @Test
    void otherApplicationsAreLeftAlone() {
        new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
                .run(context -> assertThat(context).doesNotHaveBean(ReactiveContextAutoConfiguration.class));
        new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
                .run(context -> assertThat(context).doesNotHaveBean(ReactiveContextAutoConfiguration.class));
        new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
                .withClassLoader(new FilteredClassLoader("reactor", "org.reactivestreams", "org.springframework.web",
                        "org.springframework.boot.webflux"))
                .run(context -> assertThat(context).hasNotFailed());
        empty.withClassLoader(new FilteredClassLoader(DispatcherHandler.class))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @AutoConfiguration(after = ReactiveContextAutoConfiguration.class)
    static class Later {

        @Bean
        ExchangeScopeOpener opener() {
            return exchange -> ScopedContext.without();
        }
    }
}
