package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The handler of a dynamic proxy, called by code that is no proxy. */
@ExtendWith(CleanThread.class)
@Tag("per-jdk")
class ForwarderTest {

    /** Not public, so that its methods must be made accessible. */
    interface Door {

        String open(String name);
    }

    /** A target with members of its own, which the handler is asked for. */
    @SuppressWarnings("UnusedMethod")
    static final class Vault implements Door {

        @Override
        public String open(String name) {
            return "open for " + name;
        }

        private String password() {
            return "secret";
        }

        private static String global() {
            return "secret of all";
        }
    }

    private final Vault vault = new Vault();
    private final Door proxy = new DynamicProxies().make(Door.class, new SupplierTarget(Door.class, () -> vault, null));
    private final InvocationHandler handler = Proxy.getInvocationHandler(proxy);

    @Test
    void methodsThatAreNotThoseOfTheTypeAreRefusedAndStayClosed() throws Exception {
        for (Method foreign : new Method[]{Vault.class.getDeclaredMethod("password"),
                Vault.class.getDeclaredMethod("global"), Vault.class.getDeclaredMethod("open", String.class),
                ProxyForms.class.getDeclaredMethod("current"), Runnable.class.getMethod("run"),
                Object.class.getDeclaredMethod("clone"), Object.class.getMethod("notifyAll")}) {
            assertThatThrownBy(() -> handler.invoke(proxy, foreign, null)).as("%s", foreign)
                    .isExactlyInstanceOf(IllegalArgumentException.class)
                    .hasMessage(foreign + " is not a method that this proxy forwards: call the methods of the proxy,"
                            + " not its handler");
            assertThat(isAccessible(foreign)).as("%s", foreign).isFalse();
        }
    }

    @Test
    void staticMethodsOfAPublicInterfaceAreRefused() throws Exception {
        Comparable<?> text = new DynamicProxies().make(Comparable.class,
                new SupplierTarget(Comparable.class, () -> "text", null));
        Method compare = CharSequence.class.getMethod("compare", CharSequence.class, CharSequence.class);
        InvocationHandler ofText = Proxy.getInvocationHandler(text);
        assertThatThrownBy(() -> ofText.invoke(text, compare, new Object[]{"a", "b"}))
                .isExactlyInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("public static int ");
        CharSequence chars = new DynamicProxies().make(CharSequence.class,
                new SupplierTarget(CharSequence.class, () -> "text", null));
        InvocationHandler ofChars = Proxy.getInvocationHandler(chars);
        assertThatThrownBy(() -> ofChars.invoke(chars, compare, new Object[]{"a", "b"}))
                .isExactlyInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("public static int ");
    }

    @Test
    void theMethodOfTheCallerIsNotMadeAccessible() throws Throwable {
        Method open = Door.class.getMethod("open", String.class);
        assertThat(handler.invoke(proxy, open, new Object[]{"alice"})).isEqualTo("open for alice");
        assertThat(isAccessible(open)).isFalse();
        assertThat(proxy.open("bob")).isEqualTo("open for bob");
    }

    @SuppressWarnings("deprecation") // canAccess() asks on behalf of this class, which has access anyway
    private static boolean isAccessible(Method method) {
        return method.isAccessible();
    }
}
