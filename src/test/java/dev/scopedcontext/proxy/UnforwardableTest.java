package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.ContextKey;
import elsewhere.Hiding;
import java.util.ArrayList;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.scaffold.InstrumentedType;
import net.bytebuddy.implementation.StubMethod;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** P22: a class with a method that no proxy can forward is refused when the proxy is made. */
@OnEachForm
@Tag("per-jdk")
@Tag("modules")
class UnforwardableTest {

    private static final String PUBLIC = "make the method public";

    static class Table {

        public final String table(int[] numbers, String name) {
            return name + numbers.length;
        }
    }

    static class Inheriting extends Table {
    }

    static class Named {

        @Override
        public final boolean equals(Object other) {
            return other instanceof Named;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    static class Guarded {

        protected final void guarded() {
        }
    }

    static class Near {

        final void near() {
        }
    }

    static class Ending {

        @Override
        @SuppressWarnings({"deprecation", "removal", "Finalize", "MissingSuperCall"})
        protected final void finalize() {
        }
    }

    static class FarHiding extends Hiding {

        FarHiding() {
            super("far");
        }
    }

    /** Declares what looks like the hidden methods, and does not override them. */
    static class SameNames extends Hiding {

        SameNames() {
            super("same");
        }

        public String hidden() {
            return "another";
        }

        public CharSequence narrowed() {
            return "another";
        }
    }

    @Test
    void finalMethodsAreNamed() {
        String nonFinal = "final: make the method non-final";
        assertRefused(Table.class, Table.class.getName() + ".table(int[], java.lang.String), which is " + nonFinal);
        assertRefused(Inheriting.class,
                Table.class.getName() + ".table(int[], java.lang.String), which is " + nonFinal);
        assertRefused(Named.class, Named.class.getName() + ".equals(java.lang.Object), which is " + nonFinal);
        assertRefused(Guarded.class, Guarded.class.getName() + ".guarded(), which is " + nonFinal);
        assertRefused(Near.class, Near.class.getName() + ".near(), which is " + nonFinal);
        assertRefused(Ending.class, Ending.class.getName() + ".finalize(), which is " + nonFinal);
    }

    @Test
    void packagePrivateMethodsOfAnotherPackageAreNamed() {
        String reason = "elsewhere.Hiding.hidden(), which is package-private in another package or class loader: "
                + PUBLIC;
        assertRefused(FarHiding.class, reason);
        assertRefused(SameNames.class, reason);
    }

    @Test
    void packagePrivateMethodsOfALoaderOrModuleThatDoesNotSeeTheLibraryAreNamed() throws Exception {
        String reason = "elsewhere.Hiding.hidden(), which is package-private, and its module or class loader does not"
                + " see this library: " + PUBLIC;
        assertRefused(Elsewhere.inLoaderAside().type("Hiding"), reason);
        assertRefused(Elsewhere.inClosedModule().type("Hiding"), reason);
        assertRefused(Elsewhere.inOpenModule().type("Hiding"), reason);
    }

    @Test
    void packagePrivateMethodsOfAClosedPackageAreNamed() throws Exception {
        String us = ContextProxies.class.getModule().isNamed() ? " to dev.scopedcontext" : "";
        assertRefused(Elsewhere.inClosedModuleThatReadsUs().type("Hiding"),
                "elsewhere.Hiding.hidden(), which is package-private, and its package is closed to this library: add"
                        + " \"opens elsewhere" + us + ";\" to module elsewhere, " + PUBLIC);
    }

    @Test
    void classesOfTheJdkAreNoException() {
        assertThatThrownBy(() -> ContextProxies.of(Thread.class, Thread::currentThread))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("java.lang.Thread cannot be proxied, since a proxy cannot forward"
                        + " java.lang.Thread.");
        assertThatThrownBy(() -> ContextProxies.of(ArrayList.class, () -> new ArrayList<>()))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("java.util.ArrayList cannot be proxied, since a proxy cannot forward"
                        + " java.util.ArrayList.")
                .hasMessageContaining("which is package-private, and its module or class loader does not see");
    }

    @Test
    void aClassWhoseMethodsCannotBeLookedUpIsRefused() {
        TypeDescription absent = InstrumentedType.Default.of("absent.Type",
                TypeDescription.Generic.OfNonGenericType.ForLoadedType.of(Object.class), Visibility.PUBLIC);
        Class<?> broken = new ByteBuddy().subclass(Object.class).name("broken.Broken")
                .defineMethod("take", void.class, Visibility.PUBLIC).withParameters(absent)
                .intercept(StubMethod.INSTANCE).make().load(getClass().getClassLoader()).getLoaded();
        assertThatThrownBy(() -> ContextProxies.of(broken, ContextKey.named("key")))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasCauseExactlyInstanceOf(NoClassDefFoundError.class)
                .hasMessage("broken.Broken cannot be proxied, since its methods cannot be looked up"
                        + " (java.lang.NoClassDefFoundError: absent/Type): proxy an interface that it implements, or"
                        + " keep the key or supplier and call its get()");
    }

    private static void assertRefused(Class<?> type, String method) {
        assertThatThrownBy(() -> ContextProxies.of(type, ContextKey.named("key")))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(type.getName() + " cannot be proxied, since a proxy cannot forward " + method
                        + ", proxy an interface that it implements, or keep the key or supplier and call its get()");
    }
}
