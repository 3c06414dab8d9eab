package dev.scopedcontext.spring.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.baggage.ContextBaggage;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** Conditions under which requests carry baggage. */
class ClientConditionsTest {

    private final ApplicationContextRunner empty = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ClientContextAutoConfiguration.class));

    private final ApplicationContextRunner withBaggage = empty.withBean(ContextBaggage.class,
            () -> ContextBaggage.builder().build());

    @Test
    void allClientsAreCustomized() {
        withBaggage.run(context -> assertThat(context).hasSingleBean(RestClientCustomizer.class)
                .hasSingleBean(RestTemplateCustomizer.class).hasSingleBean(WebClientCustomizer.class));
    }

    @Test
    void nothingIsDoneWithoutABean() {
        empty.run(context -> assertThat(context).doesNotHaveBean(ClientContextAutoConfiguration.class));
    }

    @Test
    void nothingIsDoneIfSwitchedOff() {
        withBaggage.withPropertyValues("scopedcontext.client.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ClientContextAutoConfiguration.class));
    }

    @Test
    void nothingIsDoneWithSeveralBeansOfWhichNoneIsPrimary() {
        withBaggage.withBean("second", ContextBaggage.class, () -> ContextBaggage.builder().build())
                .run(context -> assertThat(context).doesNotHaveBean(ClientContextAutoConfiguration.class));
        withBaggage.withBean("second", ContextBaggage.class, () -> ContextBaggage.builder().build(),
                definition -> definition.setPrimary(true))
                .run(context -> assertThat(context.getBean(BaggageSender.class).baggage())
                        .isSameAs(context.getBean("second")));
    }

    @Test
    void classesOfAbsentClientsAreNotLoaded() {
        withBaggage.withClassLoader(new FilteredClassLoader(RestClientCustomizer.class, RestTemplateCustomizer.class))
                .run(context -> assertThat(context).hasSingleBean(WebClientCustomizer.class));
        withBaggage.withClassLoader(new FilteredClassLoader(WebClientCustomizer.class))
                .run(context -> assertThat(context).hasSingleBean(RestClientCustomizer.class));
        withBaggage.withClassLoader(new FilteredClassLoader("reactor", WebClient.class.getPackageName()))
                .run(context -> assertThat(context).hasSingleBean(RestTemplateCustomizer.class));
        withBaggage.withClassLoader(new FilteredClassLoader(RestClient.class, RestTemplate.class, WebClient.class))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(BaggageSender.class));
        withBaggage.withClassLoader(new FilteredClassLoader("reactor", "org.springframework.web",
                "org.springframework.boot.restclient", "org.springframework.boot.webclient"))
                .run(context -> assertThat(context).hasNotFailed());
    }
}
