package dev.scopedcontext.spring.bean;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.named.NamedContext;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionValidationException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;

/** The scopes that are registered with bean factories. */
class SessionScopesTest {

    private static final NamedContext JOB = NamedContext.named("job");

    private static final ApplicationContextRunner RUNNER = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BeanContextAutoConfiguration.class));

    @ContextScoped("job")
    static class Counter {

        private int count;

        int next() {
            return ++count;
        }
    }

    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @ContextScoped("job")
    @interface JobBean {
    }

    @JobBean
    static class Composed extends Counter {
    }

    @Scope("context")
    static class WithoutContext {
    }

    @Configuration
    static class Contexts {

        @Bean
        NamedContext job() {
            return JOB;
        }
    }

    @Configuration
    @Import(Contexts.class)
    static class MethodOverType {

        @Bean
        NamedContext task() {
            return NamedContext.named("task");
        }

        @Bean
        @ContextScoped("task")
        Counter counter() {
            return new Counter();
        }
    }

    @Test
    void anAnnotationCanBeComposed() {
        RUNNER.withUserConfiguration(Contexts.class, Composed.class).run(context -> JOB.session().run(() -> {
            assertThat(context.getBean(Composed.class).next()).isEqualTo(1);
            assertThat(context.getBean(Composed.class).next()).isEqualTo(2);
        }));
    }

    @Test
    void theAnnotationOfAMethodPrecedesThatOfTheType() {
        RUNNER.withUserConfiguration(MethodOverType.class).run(context -> {
            NamedContext task = context.getBean("task", NamedContext.class);
            task.session().run(() -> assertThat(context.getBean(Counter.class).next()).isEqualTo(1));
        });
    }

    @Test
    void aDefinitionCanNameTheScopeItself() {
        RUNNER.withUserConfiguration(Contexts.class)
                .withBean("own", ArrayList.class, ArrayList::new,
                        definition -> definition.setScope("context.job"))
                .run(context -> JOB.session().run(() -> assertThat(context.getBean("own"))
                        .isSameAs(context.getBean("own"))));
    }

    @Test
    void aContextMayBeDeclaredByAParent() {
        RUNNER.withUserConfiguration(Contexts.class).run(parent -> RUNNER.withParent(parent)
                .withUserConfiguration(Counter.class)
                .run(context -> JOB.session()
                        .run(() -> assertThat(context.getBean(Counter.class).next()).isEqualTo(1))));
    }

    @Test
    void aMissingContextFailsTheStart() {
        RUNNER.withUserConfiguration(Counter.class).run(context -> assertThat(context).getFailure()
                .isInstanceOf(BeanDefinitionValidationException.class)
                .hasMessage("Bean 'sessionScopesTest.Counter' lives in sessions of the context 'job', but no bean of"
                        + " type NamedContext has that name: declare @Bean NamedContext job(), or let @ContextScoped"
                        + " name another bean"));
    }

    @Test
    void aContextOfAnotherTypeFailsTheStart() {
        RUNNER.withUserConfiguration(Counter.class).withBean("job", String.class, () -> "job")
                .run(context -> assertThat(context).getFailure().hasMessageContaining("no bean of type NamedContext"));
    }

    @Test
    void aScopeWithoutContextFailsTheStart() {
        RUNNER.withUserConfiguration(Contexts.class, WithoutContext.class)
                .run(context -> assertThat(context).getFailure()
                        .isInstanceOf(BeanDefinitionValidationException.class)
                        .hasMessage("Bean 'sessionScopesTest.WithoutContext' has scope 'context', which names no"
                                + " context: use @ContextScoped, or scope 'context.' followed by the name of a"
                                + " NamedContext bean"));
    }

    @Test
    void thePartIsOffByItsProperty() {
        RUNNER.withUserConfiguration(Contexts.class).withPropertyValues("scopedcontext.bean.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(SessionScopes.class));
    }

    @Test
    void nothingElseOfSpringIsNeeded() {
        RUNNER.withUserConfiguration(Contexts.class)
                .withBean("own", ArrayList.class, ArrayList::new, definition -> definition.setScope("context.job"))
                .withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web",
                        "org.springframework.security", "reactor", "io.micrometer"))
                .run(context -> JOB.session().run(() -> assertThat(context.getBean("own")).isNotNull()));
    }

    @Test
    void otherScopesStayAsTheyAre() {
        RUNNER.withUserConfiguration(Contexts.class).withBean("prototype", ArrayList.class, ArrayList::new,
                definition -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE)).run(
                        context -> assertThat(
                                context.getBean("prototype")).isNotSameAs(context.getBean("prototype")));
    }

    @Test
    void applicationsThatShareAContextHaveTheirOwnInstances() {
        RUNNER.withUserConfiguration(Contexts.class, Counter.class)
                .run(one -> RUNNER.withUserConfiguration(Contexts.class, Counter.class)
                        .run(other -> JOB.session().run(() -> {
                            assertThat(one.getBean(Counter.class).next()).isEqualTo(1);
                            assertThat(other.getBean(Counter.class).next()).isEqualTo(1);
                            assertThat(one.getBean(Counter.class).next()).isEqualTo(2);
                        })));
    }

    @Test
    void aContextDoesNotRetainAClosedApplication() throws InterruptedException {
        List<WeakReference<Object>> closed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            useAndClose(closed);
        }
        for (int i = 0; i < 100 && closed.stream().anyMatch(reference -> reference.get() != null); i++) {
            System.gc();
            Thread.sleep(1 + i);
        }
        assertThat(closed).hasSize(3).allMatch(reference -> reference.get() == null);
    }

    private static void useAndClose(List<WeakReference<Object>> closed) {
        try (var context = new AnnotationConfigApplicationContext(BeanContextAutoConfiguration.class, Contexts.class,
                Counter.class)) {
            JOB.session().run(() -> assertThat(context.getBean(Counter.class).next()).isEqualTo(1));
            closed.add(new WeakReference<>(context.getBeanFactory()));
        }
    }
}
