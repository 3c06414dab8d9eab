package dev.scopedcontext.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.micrometer.ScopedContextAccessor;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The accessor in the registry of the process. */
class AccessorRegistrationTest {

    private final ContextRegistry registry = new ContextRegistry();
    private final SharedAccessor shared = new SharedAccessor(registry);

    /** Uses another registry than that of the process, in which applications of other tests may have an accessor. */
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withBean(AccessorRegistration.class, () -> new AccessorRegistration(shared));

    private final ApplicationContextRunner ofProcess = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MicrometerContextAutoConfiguration.class));

    @Test
    void accessorIsRegisteredInTheRegistryOfTheProcess() {
        ofProcess.run(context -> assertThat(ContextRegistry.getInstance().getThreadLocalAccessors())
                .filteredOn(each -> each.key().equals(ScopedContextAccessor.KEY))
                .singleElement().isInstanceOf(ScopedContextAccessor.class));
    }

    @Test
    void accessorIsRegisteredAsLongAsTheApplicationRuns() {
        runner.run(context -> assertThat(accessors()).singleElement().isInstanceOf(ScopedContextAccessor.class));
        assertThat(accessors()).isEmpty();
    }

    @Test
    void accessorIsRegisteredIfBeansAreLazy() {
        ofProcess.withInitializer(context -> context.addBeanFactoryPostProcessor(
                new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(context.getBeanFactory().containsSingleton(
                        "scopedContextAccessorRegistration")).isTrue());
    }

    @Test
    void lastApplicationRemovesTheAccessor() {
        runner.run(first -> {
            List<Object> registered = accessors();
            runner.run(second -> assertThat(accessors()).isEqualTo(registered));
            assertThat(accessors()).isEqualTo(registered);
        });
        assertThat(accessors()).isEmpty();
    }

    @Test
    void accessorOfTheUserIsLeftAlone() {
        ScopedContextAccessor own = new ScopedContextAccessor();
        registry.registerThreadLocalAccessor(own);
        runner.run(context -> assertThat(accessors()).containsExactly(own));
        assertThat(accessors()).containsExactly(own);
    }

    @Test
    void accessorThatReplacesItIsLeftAlone() {
        ScopedContextAccessor own = new ScopedContextAccessor();
        runner.run(context -> registry.registerThreadLocalAccessor(own));
        assertThat(accessors()).containsExactly(own);
    }

    @Test
    void accessorFollowsThoseThatBeansRegister() {
        runner.withBean(OtherAccessor.class, () -> new OtherAccessor(registry))
                .run(context -> assertThat(registry.getThreadLocalAccessors())
                        .extracting(ThreadLocalAccessor::key)
                        .containsSubsequence("other", ScopedContextAccessor.KEY));
    }

    @Test
    void applicationThatDoesNotStartLeavesNothing() {
        runner.withBean("bad", Object.class, () -> {
            throw new IllegalStateException("does not start");
        }).run(context -> assertThat(context).getFailure().rootCause().hasMessage("does not start"));
        assertThat(accessors()).isEmpty();
    }

    @Test
    void nothingIsRegisteredIfSwitchedOff() {
        ofProcess.withPropertyValues("scopedcontext.micrometer.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(AccessorRegistration.class));
    }

    @Test
    void applicationStartsWithoutMicrometer() {
        ofProcess.withClassLoader(new FilteredClassLoader("io.micrometer.context"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AccessorRegistration.class));
    }

    private List<Object> accessors() {
        return registry.getThreadLocalAccessors().stream().filter(each -> each.key().equals(ScopedContextAccessor.KEY))
                .map(each -> (Object) each).toList();
    }

    static final class OtherAccessor implements ThreadLocalAccessor<String> {

        OtherAccessor(ContextRegistry registry) {
            registry.registerThreadLocalAccessor(this);
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
