package dev.scopedcontext.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.support.ChildJvm;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.ClassFileVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P27: what there is without the optional libraries, or with one that is too old. */
@Tag("per-jdk")
class WithoutByteBuddyTest {

    private static final String REFUSED = "java.util.Random cannot be proxied, since it is a class, and proxies of"
            + " classes need Byte Buddy and Objenesis: add net.bytebuddy:byte-buddy and org.objenesis:objenesis (in a"
            + " modular program also --add-modules net.bytebuddy,org.objenesis,jdk.unsupported), or proxy an interface"
            + " that it implements";

    @Test
    void withBothThereAreGeneratedProxiesOfInterfacesAndClasses() throws Exception {
        assertThat(new ChildJvm().run(Prints.class)).isEqualToNormalizingNewlines("""
                called, dynamic: false
                class: 0
                """);
    }

    @Test
    void withNeitherThereAreDynamicProxiesOfInterfaces() throws Exception {
        String printed = new ChildJvm().without("byte-buddy", "objenesis").with("-Xlog:class+load:file=/dev/stdout")
                .run(Prints.class);
        assertThat(printed).contains("called, dynamic: true").contains("class: " + REFUSED)
                .contains(" dev.scopedcontext.proxy.Forwarder ").doesNotContain(" net.bytebuddy.")
                .doesNotContain(" org.objenesis.");
    }

    @Test
    void withoutObjenesisThereAreGeneratedProxiesOfInterfaces() throws Exception {
        assertThat(new ChildJvm().without("objenesis").run(Prints.class)).contains("called, dynamic: false")
                .contains("class: " + REFUSED);
    }

    @Test
    void withAByteBuddyThatLacksWhatIsNeededThereAreDynamicProxies(@TempDir Path temp) throws Exception {
        Files.createDirectories(temp.resolve("net/bytebuddy"));
        Files.write(temp.resolve("net/bytebuddy/ByteBuddy.class"),
                new ByteBuddy(ClassFileVersion.JAVA_V17).subclass(Object.class).name("net.bytebuddy.ByteBuddy").make()
                        .getBytes());
        assertThat(new ChildJvm().first(temp).run(Prints.class)).contains("called, dynamic: true")
                .contains("class: java.util.Random cannot be proxied, since it is a class, and none could be generated"
                        + " (java.lang.NoSuchMethodError: ")
                .contains("): proxy an interface that it implements");
    }

    /** Prints what kinds of proxies there are. */
    static final class Prints {

        private static final ContextKey<Callable<String>> KEY = ContextKey.named("key");

        private Prints() {
        }

        @SuppressWarnings("unchecked")
        public static void main(String[] arguments) throws Exception {
            Callable<String> callable = ContextProxies.of(Callable.class, KEY);
            System.out.println(ScopedContext.where(KEY, () -> "called").call(callable::call) + ", dynamic: "
                    + Proxy.isProxyClass(callable.getClass()));
            System.out.println("class: " + random());
        }

        private static Object random() {
            try {
                return ContextProxies.of(Random.class, () -> new Random(42)).nextInt(1);
            } catch (IllegalArgumentException refused) {
                return refused.getMessage();
            }
        }
    }
}
