package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import java.io.NotSerializableException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** P24, P27: types of other loaders and modules, with dynamic proxies and with the best there are. */
@ParameterizedClass
@MethodSource("forms")
@ExtendWith(CleanThread.class)
@Tag("per-jdk")
@Tag("modules")
class ForeignTypesTest {

    @Parameter
    private ProxyForm form;

    private final ProxyForm before = ProxyForms.current();

    static List<ProxyForm> forms() {
        return List.of(new DynamicProxies(), new BestForm());
    }

    @BeforeEach
    void useForm() {
        ProxyForms.use(form);
    }

    @AfterEach
    void useFormOfBefore() {
        ProxyForms.use(before);
    }

    private static Object proxy(Elsewhere elsewhere, String type) throws ReflectiveOperationException {
        Object teller = elsewhere.teller("told");
        return ContextProxies.of(elsewhere.type(type), () -> teller);
    }

    @Test
    void packagePrivateInterfaceOfALoaderThatSeesTheLibrary() throws Exception {
        Elsewhere elsewhere = Elsewhere.inLoaderBelow();
        Object proxy = proxy(elsewhere, "Secret");
        assertThat(elsewhere.ask(proxy)).isEqualTo("told");
        assertThat(proxy.getClass().getPackageName()).isEqualTo("elsewhere");
        assertThat(ContextProxies.isProxy(proxy)).isTrue();
        assertThat(SerialisationTest.write(proxy)).isEqualTo(SerialisationTest.write(ContextProxies.unwrap(proxy)));
    }

    @Test
    void packagePrivateInterfaceOfALoaderThatDoesNotSeeTheLibrary() throws Exception {
        Elsewhere elsewhere = Elsewhere.inLoaderAside();
        Object proxy = proxy(elsewhere, "Secret");
        assertThat(elsewhere.ask(proxy)).isEqualTo("told");
        assertThat(ContextProxies.isProxy(proxy)).isTrue();
        assertNotWritten(proxy);
    }

    @Test
    void publicInterfacesOfALoaderThatDoesNotSeeTheLibrary() throws Exception {
        Elsewhere elsewhere = Elsewhere.inLoaderAside();
        for (String type : List.of("Shown", "ShownSecret")) {
            Object proxy = proxy(elsewhere, type);
            assertThat(elsewhere.ask(proxy)).isEqualTo("told");
            assertThat(ContextProxies.unwrap(proxy)).isInstanceOf(elsewhere.type("Teller"));
            assertThat(SerialisationTest.write(proxy)).isEqualTo(SerialisationTest.write(ContextProxies.unwrap(proxy)));
        }
    }

    @Test
    void publicInterfaceOfAClosedModule() throws Exception {
        Elsewhere elsewhere = Elsewhere.inClosedModule();
        assertThat(elsewhere.type("Shown").getModule().getName()).isEqualTo("elsewhere");
        Object proxy = proxy(elsewhere, "Shown");
        assertThat(elsewhere.ask(proxy)).isEqualTo("told");
        assertThat(SerialisationTest.write(proxy)).isEqualTo(SerialisationTest.write(ContextProxies.unwrap(proxy)));
    }

    @Test
    void packagePrivateInterfaceOfAClosedModuleIsRefused() {
        Elsewhere elsewhere = Elsewhere.inClosedModule();
        String us = ContextProxies.class.getModule().isNamed() ? " to dev.scopedcontext" : "";
        assertThatThrownBy(() -> proxy(elsewhere, "Secret")).isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("elsewhere.Secret cannot be proxied, since elsewhere.Secret is closed to this library: add"
                        + " \"opens elsewhere" + us + ";\" to module elsewhere, or make it public and export it");
    }

    @Test
    void packagePrivateInterfaceOfAnOpenModule() throws Exception {
        Elsewhere elsewhere = Elsewhere.inOpenModule();
        Object proxy = proxy(elsewhere, "Secret");
        assertThat(elsewhere.ask(proxy)).isEqualTo("told");
        assertNotWritten(proxy); // The module does not read that of the library.
    }

    private static void assertNotWritten(Object proxy) {
        assertThatThrownBy(() -> SerialisationTest.write(proxy)).isExactlyInstanceOf(NotSerializableException.class)
                .hasMessage("A proxy of elsewhere.Secret cannot be written, since that interface is not public and its"
                        + " module or class loader does not see this library, or has a writeReplace() that does"
                        + " not return Object: write ContextProxies.unwrap(proxy)");
    }

    @Test
    void threadsThatMakeTheFirstProxiesOfATypeAtOnceShareOneClass() throws Exception {
        Elsewhere elsewhere = Elsewhere.inLoaderBelow();
        Object teller = elsewhere.teller("told");
        Class<Object> type = elsewhere.type("Secret");
        CyclicBarrier start = new CyclicBarrier(8);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            Callable<Object> make = () -> {
                start.await();
                return ContextProxies.of(type, () -> teller).getClass();
            };
            Set<Object> classes = new HashSet<>();
            for (Future<Object> made : pool.invokeAll(Collections.nCopies(8, make))) {
                classes.add(made.get());
            }
            assertThat(classes).hasSize(1);
        } finally {
            pool.shutdownNow();
        }
    }

    /** A method of a closed interface can be called by a generated class, as by any code, but not by reflection. */
    @Test
    void publicInterfaceWithAMethodOfAClosedOne() throws Exception {
        Elsewhere elsewhere = Elsewhere.inClosedModule();
        if (form instanceof BestForm) {
            assertThat(elsewhere.ask(proxy(elsewhere, "ShownSecret"))).isEqualTo("told");
        } else {
            assertThatThrownBy(() -> proxy(elsewhere, "ShownSecret"))
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "elsewhere.ShownSecret cannot be proxied, since elsewhere.Secret is closed");
        }
    }
}
