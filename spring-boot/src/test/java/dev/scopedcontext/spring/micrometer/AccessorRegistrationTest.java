package dev.scopedcontext.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.micrometer.ScopedContextAccessor;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The accessor in the registry of the process. */
class AccessorRegistrationTest {

    private static final ContextRegistry REGISTRY = ContextRegistry.getInstance();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MicrometerContextAutoConfiguration.class));

    @AfterEach
    void nothingIsLeftInTheRegistry() {
        assertThat(accessors()).isEmpty();
    }

    @Test
    void accessorIsRegisteredAsLongAsTheApplicationRuns() {
        runner.run(context -> assertThat(accessors()).singleElement().isInstanceOf(ScopedContextAccessor.class));
        assertThat(accessors()).isEmpty();
    }

    @Test
    void accessorIsRegisteredIfBeansAreLazy() {
        runner.withInitializer(context -> context.addBeanFactoryPostProcessor(
                new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(accessors()).hasSize(1));
    }

    @Test
    void lastApplicationRemovesTheAccessor() {
        runner.run(first -> {
            List<Object> registered = accessors();
            runner.run(second -> assertThat(accessors()).isEqualTo(registered));
            assertThat(accessors()).isEqualTo(registered);
        });
    }

    @Test
    void accessorOfTheUserIsLeftAlone() {
        ScopedContextAccessor own = new ScopedContextAccessor();
        REGISTRY.registerThreadLocalAccessor(own);
        try {
            runner.run(context -> assertThat(accessors()).containsExactly(own));
            assertThat(accessors()).containsExactly(own);
        } finally {
            REGISTRY.removeThreadLocalAccessor(ScopedContextAccessor.KEY);
        }
    }

    @Test
    void accessorThatReplacesItIsLeftAlone() {
        ScopedContextAccessor own = new ScopedContextAccessor();
        runner.run(context -> REGISTRY.registerThreadLocalAccessor(own));
        assertThat(accessors()).containsExactly(own);
        REGISTRY.removeThreadLocalAccessor(ScopedContextAccessor.KEY);
    }

    @Test
    void accessorFollowsThoseThatBeansRegister() {
        runner.withBean(OtherAccessor.class).run(context -> assertThat(REGISTRY.getThreadLocalAccessors())
                .extracting(ThreadLocalAccessor::key)
                .containsSubsequence("other", ScopedContextAccessor.KEY));
        REGISTRY.removeThreadLocalAccessor("other");
    }

    @Test
    void applicationThatDoesNotStartLeavesNothing() {
        runner.withBean("bad", Object.class, () -> {
            throw new IllegalStateException("does not start");
        }).run(context -> assertThat(context).getFailure().rootCause().hasMessage("does not start"));
    }

    @Test
    void nothingIsRegisteredIfSwitchedOff() {
        runner.withPropertyValues("scopedcontext.micrometer.enabled=false")
                .run(context -> assertThat(accessors()).isEmpty());
    }

    @Test
    void applicationStartsWithoutMicrometer() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer.context"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AccessorRegistration.class));
    }

    private static List<Object> accessors() {
        return REGISTRY.getThreadLocalAccessors().stream().filter(each -> each.key().equals(ScopedContextAccessor.KEY))
                .map(each -> (Object) each).toList();
    }

    static final class OtherAccessor implements ThreadLocalAccessor<String> {

        OtherAccessor() {
            REGISTRY.registerThreadLocalAccessor(this);
        }

        @Override
        public Object key() {
            return "other";
        }

        @Override
        public String getValue() {
            return null;
        }

        @Override
        public void setValue(String value) {
        }

        @Override
        public void setValue() {
        }
    }
}
