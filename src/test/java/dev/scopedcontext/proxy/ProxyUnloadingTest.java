package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.OwnLibrary;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.h2.api.Trigger;
import org.junit.jupiter.api.Test;

/** Classes of proxies pin no class loader: not the user's, and not that of the library. */
@OnEachForm
class ProxyUnloadingTest {

    @Test
    void loaderOfTheTypeIsCollected() throws Exception {
        OwnLibrary.assertCollected(useTypesOf(Elsewhere.inLoaderBelow()));
        OwnLibrary.assertCollected(useTypesOf(Elsewhere.inLoaderAside()));
    }

    private static WeakReference<ClassLoader> useTypesOf(Elsewhere elsewhere) throws Exception {
        Object teller = elsewhere.teller("told");
        for (String type : List.of("Shown", "ShownSecret")) {
            Object proxy = ContextProxies.of(elsewhere.type(type), () -> teller);
            assertThat(elsewhere.ask(proxy)).isEqualTo("told");
        }
        return new WeakReference<>(elsewhere.loader());
    }

    @Test
    void loaderOfTheLibraryIsCollected() throws Exception {
        OwnLibrary.assertCollected(useLibraryOnce(ProxyForms.current().getClass().getName()));
    }

    private static WeakReference<ClassLoader> useLibraryOnce(String form) throws Exception {
        try (OwnLibrary loader = new OwnLibrary(ProxyUnloadingTest.class.getClassLoader())) {
            Class<?> program = Class.forName(Uses.class.getName(), true, loader);
            assertThat(program).isNotSameAs(Uses.class);
            ((Runnable) program.getConstructor(String.class).newInstance(form)).run();
            return new WeakReference<>(loader);
        }
    }

    /** Makes proxies of types that outlive the library: of the JDK, and of another library. */
    public static final class Uses implements Runnable {

        private static final ContextKey<Supplier<String>> KEY = ContextKey.named("key");

        private final String form;

        /** Creates it. */
        public Uses(String form) {
            this.form = form;
        }

        @Override
        @SuppressWarnings("unchecked")
        public void run() {
            ProxyForms.use(form.equals(DynamicProxies.class.getName()) ? new DynamicProxies() : new GeneratedProxies());
            Supplier<String> supplier = ContextProxies.of(Supplier.class, KEY);
            assertThat(ScopedContext.where(KEY, () -> "given").call(supplier::get)).isEqualTo("given");
            Trigger trigger = ContextProxies.of(Trigger.class, (Supplier<Trigger>) () -> {
                throw new IllegalStateException("none");
            });
            assertThat(ContextProxies.isProxy(trigger)).isTrue();
            if (ProxyForms.current() instanceof GeneratedProxies) {
                assertThat(ContextProxies.of(Random.class, () -> new Random(42)).nextInt(1)).isZero();
            }
        }
    }
}
