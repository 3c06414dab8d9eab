package dev.scopedcontext.proxy;

import dev.scopedcontext.CleanThread;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/** What {@link OnEachForm} does. */
final class EachForm implements ClassTemplateInvocationContextProvider {

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<Invocation> provideClassTemplateInvocationContexts(ExtensionContext context) {
        return Stream.of(new DynamicProxies(), new GeneratedProxies()).map(Invocation::new);
    }

    record Invocation(ProxyForm form) implements ClassTemplateInvocationContext {

        @Override
        public String getDisplayName(int index) {
            return form.getClass().getSimpleName();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Use(form, ProxyForms.current()), new CleanThread());
        }
    }

    /** Begins before there is an instance of the test, which has proxies in its fields. */
    record Use(ProxyForm form, ProxyForm before) implements TestInstancePreConstructCallback, AfterEachCallback {

        @Override
        public void preConstructTestInstance(TestInstanceFactoryContext test, ExtensionContext context) {
            ProxyForms.use(form);
        }

        @Override
        public void afterEach(ExtensionContext context) {
            ProxyForms.use(before);
        }
    }
}
