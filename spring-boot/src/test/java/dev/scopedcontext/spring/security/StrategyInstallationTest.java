package dev.scopedcontext.spring.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.core.context.SecurityContextHolder.getContextHolderStrategy;

import dev.scopedcontext.servlet.RequestFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.security.core.context.ListeningSecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/** The strategy of the static {@code SecurityContextHolder}. */
class StrategyInstallationTest {

    private static final LocalSecurityContextStrategy STRATEGY = LocalSecurityContextStrategy.INSTANCE;

    private static final ApplicationContextRunner OFF = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SecurityContextAutoConfiguration.class));

    private static final ApplicationContextRunner ON = OFF.withPropertyValues("scopedcontext.security.enabled=true");

    private static ConfigurableApplicationContext started() {
        var context = new AnnotationConfigApplicationContext();
        context.getEnvironment().getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("scopedcontext.security.enabled", "true")));
        context.register(SecurityContextAutoConfiguration.class);
        context.refresh();
        return context;
    }

    @Test
    void thePartIsOffUnlessItIsAskedFor() {
        SecurityContextHolderStrategy before = getContextHolderStrategy();
        OFF.run(context -> {
            assertThat(context).doesNotHaveBean(SecurityContextHolderStrategy.class);
            assertThat(getContextHolderStrategy()).isSameAs(before);
        });
    }

    @Test
    void theStrategyIsABeanAndThatOfTheHolderUntilTheApplicationIsClosed() {
        SecurityContextHolderStrategy before = getContextHolderStrategy();
        ON.run(context -> {
            assertThat(context).getBean(SecurityContextHolderStrategy.class).isSameAs(STRATEGY);
            assertThat(getContextHolderStrategy()).isSameAs(STRATEGY);
        });
        assertThat(getContextHolderStrategy()).isSameAs(before);
    }

    @Test
    void theLastApplicationRestoresTheStrategy() {
        SecurityContextHolderStrategy before = getContextHolderStrategy();
        ConfigurableApplicationContext first = started();
        ConfigurableApplicationContext second = started();
        first.close();
        assertThat(getContextHolderStrategy()).isSameAs(STRATEGY);
        ConfigurableApplicationContext third = started();
        third.close();
        assertThat(getContextHolderStrategy()).isSameAs(STRATEGY);
        second.close();
        second.close();
        assertThat(getContextHolderStrategy()).isSameAs(before);
    }

    @Test
    void aFailedStartRestoresTheStrategy() {
        SecurityContextHolderStrategy before = getContextHolderStrategy();
        ON.withBean("failing", String.class, () -> {
            assertThat(getContextHolderStrategy()).isSameAs(STRATEGY);
            throw new IllegalStateException("bean");
        }).run(context -> assertThat(context).getFailure().hasRootCauseMessage("bean"));
        assertThat(getContextHolderStrategy()).isSameAs(before);
    }

    @Test
    void aStrategyThatWasSetMeanwhileStays() {
        SecurityContextHolderStrategy before = getContextHolderStrategy();
        SecurityContextHolderStrategy listening = new ListeningSecurityContextHolderStrategy(STRATEGY, event -> {
        });
        ON.run(context -> SecurityContextHolder.setContextHolderStrategy(listening));
        assertThat(getContextHolderStrategy()).isSameAs(listening);
        SecurityContextHolder.setContextHolderStrategy(before);
    }

    @Test
    void beansFindTheStrategyWhenTheyAreCreated() {
        List<SecurityContextHolderStrategy> found = new ArrayList<>();
        ON.withBean("early", String.class, () -> {
            found.add(getContextHolderStrategy());
            return "early";
        }).run(context -> assertThat(found).containsExactly(STRATEGY));
    }

    @Test
    void aStrategyOfTheApplicationPrecedes() {
        SecurityContextHolderStrategy before = getContextHolderStrategy();
        SecurityContextHolderStrategy own = new ListeningSecurityContextHolderStrategy(event -> {
        });
        ON.withBean(SecurityContextHolderStrategy.class, () -> own).run(context -> {
            assertThat(context).getBean(SecurityContextHolderStrategy.class).isSameAs(own);
            assertThat(context).doesNotHaveBean(StrategyInstallation.class);
            assertThat(getContextHolderStrategy()).isSameAs(before);
        });
    }

    @Test
    void nothingIsLoadedWithoutSpringSecurity() {
        ON.withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> assertThat(context).doesNotHaveBean(SecurityContextAutoConfiguration.class));
    }

    @Test
    void aServletApplicationHasTheFilter() {
        new WebApplicationContextRunner().withConfiguration(
                AutoConfigurations.of(SecurityContextAutoConfiguration.class))
                .withPropertyValues("scopedcontext.security.enabled=true")
                .run(context -> assertThat(context).getBean("securityContextScope", FilterRegistrationBean.class)
                        .satisfies(registration -> assertThat(registration.getFilter())
                                .isInstanceOf(RequestFilter.class)));
        ON.run(context -> assertThat(context).doesNotHaveBean(FilterRegistrationBean.class));
        ON.withClassLoader(
                new FilteredClassLoader("jakarta.servlet", SecurityContextHolderFilter.class.getPackageName(),
                        "dev.scopedcontext.servlet"))
                .run(context -> assertThat(context).hasSingleBean(SecurityContextHolderStrategy.class));
    }
}
