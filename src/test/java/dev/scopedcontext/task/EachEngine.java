package dev.scopedcontext.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OnThread;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** What {@link OnEachEngine} does. */
public final class EachEngine implements ClassTemplateInvocationContextProvider {

    static List<Engine> available() {
        List<Engine> engines = new ArrayList<>();
        engines.add(new PortableEngine("a test asks for it"));
        Engine jdk = Engines.jdk();
        if (jdk != null) {
            engines.add(jdk);
        }
        return engines;
    }

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<Invocation> provideClassTemplateInvocationContexts(ExtensionContext context) {
        return available().stream().map(Invocation::new);
    }

    record Invocation(Engine engine) implements ClassTemplateInvocationContext {

        @Override
        public String getDisplayName(int index) {
            return engine.report().kind().name();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Use(engine, Engines.current()));
        }
    }

    record Use(Engine engine, Engine before)
            implements
                BeforeEachCallback,
                InvocationInterceptor,
                AfterEachCallback {

        /** Runs the test on a thread that has bound nothing before; a virtual one if the JDK's engine runs it. */
        @Override
        public void interceptTestMethod(InvocationInterceptor.Invocation<@Nullable Void> invocation,
                ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
            onFreshThread(invocation);
        }

        @Override
        public void interceptTestTemplateMethod(InvocationInterceptor.Invocation<@Nullable Void> invocation,
                ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
            onFreshThread(invocation);
        }

        private void onFreshThread(InvocationInterceptor.Invocation<?> invocation) throws Throwable {
            List<ThreadFactory> kinds = OnThread.kinds();
            boolean isJdks = engine.report().kind() == EngineReport.Kind.JDK;
            OnThread.proceed(kinds.get(isJdks ? kinds.size() - 1 : 0), invocation, Use::ensureClean);
        }

        @Override
        public void beforeEach(ExtensionContext context) {
            Engines.use(engine);
        }

        @Override
        public void afterEach(ExtensionContext context) throws InterruptedException {
            Engines.use(before);
            ensureClean();
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("page-")) {
                    // The JDK's scope counts a platform thread as gone a moment before it is.
                    thread.join(10_000);
                    assertThat(thread.isAlive()).as(thread.toString()).isFalse();
                }
            }
        }

        private static void ensureClean() {
            boolean interrupted = Thread.interrupted();
            assertThat(interrupted).as("left interrupted").isFalse();
            assertThat(ScopeChain.innermost()).isNull();
            assertThat(ScopedContext.capture().keys()).isEmpty();
        }
    }
}
