package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.CleanThread;
import elsewhere.Hiding;
import elsewhere.Showing;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.function.Supplier;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.MethodManifestation;
import net.bytebuddy.description.modifier.SyntheticState;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.implementation.MethodCall;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** P22: the methods that look as if no proxy could forward them, although each proxy can. */
@ExtendWith(CleanThread.class)
@Tag("per-jdk")
class ForwardableTest {

    /** A class with methods that are not called on a proxy, or not by others. */
    static class Counter {

        private int count = 5;

        private final int secret() {
            return count;
        }

        static final int twice(Counter counter) {
            return 2 * counter.secretly();
        }

        int secretly() {
            return secret();
        }
    }

    /** A class for classes that are generated elsewhere. */
    public static class Counted {

        private final int count;

        /** Creates one that has counted to five; no constructor runs for a proxy. */
        public Counted() {
            this.count = 5;
        }

        /** Returns the count. */
        public int count() {
            return count;
        }
    }

    static class FarShowing extends Showing {

        FarShowing() {
            super("text");
        }
    }

    @Test
    void privateAndStaticMethodsAndThoseOfObjectAreNoObstacle() {
        Counter counter = new Counter();
        Counter proxy = ContextProxies.of(Counter.class, () -> counter);
        assertThat(Counter.twice(proxy)).isEqualTo(10);
        assertThat(proxy.getClass()).isNotEqualTo(Counter.class);
    }

    @Test
    void methodsThatASubclassOfTheSamePackageMakesVisibleAreForwarded() {
        FarShowing target = new FarShowing();
        FarShowing proxy = ContextProxies.of(FarShowing.class, () -> target);
        assertThat(Hiding.ask(proxy)).isEqualTo("shown text, narrowed text");
    }

    @Test
    void packagePrivateMethodsAreForwardedInALoaderThatSeesTheLibrary() throws Exception {
        Class<Object> type = Elsewhere.inLoaderBelow().type("Hiding");
        Object target = type.getConstructor(String.class).newInstance("text");
        Object proxy = ContextProxies.of(type, () -> target);
        assertThat(type.getMethod("ask", type).invoke(null, proxy)).isEqualTo("text, text");
    }

    /** As Kotlin's compiler writes them, for classes that implement collections. */
    @Test
    void finalBridgesAreNoObstacle() throws Exception {
        Class<? extends Counted> type = new ByteBuddy().subclass(Counted.class).name("bridged.Bridged")
                .defineMethod("size", int.class, Visibility.PUBLIC, MethodManifestation.FINAL_BRIDGE,
                        SyntheticState.SYNTHETIC)
                .intercept(MethodCall.invoke(Counted.class.getMethod("count")))
                .make().load(getClass().getClassLoader()).getLoaded();
        Method size = type.getMethod("size");
        assertThat(size.isBridge()).isTrue();
        assertThat(size.getModifiers() & Modifier.FINAL).isNotZero();
        assertThat(size.invoke(proxy(type))).isEqualTo(5);
    }

    /** As Kotlin's compiler writes them, for {@code @JvmSynthetic}. */
    @Test
    void syntheticMethodsAreForwarded() throws Exception {
        Class<? extends Counted> type = new ByteBuddy().subclass(Counted.class).name("synthetic.Synthetic")
                .defineMethod("told", Object.class, Visibility.PUBLIC, SyntheticState.SYNTHETIC)
                .intercept(FixedValue.self()).make().load(getClass().getClassLoader()).getLoaded();
        Counted proxy = proxy(type);
        assertThat(type.getMethod("told").invoke(proxy)).isSameAs(ContextProxies.unwrap(proxy));
    }

    @SuppressWarnings("unchecked")
    private static Counted proxy(Class<? extends Counted> type) throws ReflectiveOperationException {
        Counted target = type.getConstructor().newInstance();
        return ContextProxies.of((Class<Counted>) type, (Supplier<Counted>) () -> target);
    }
}
