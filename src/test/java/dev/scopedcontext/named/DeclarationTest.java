package dev.scopedcontext.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scopedcontext.CleanThread;
import dev.scopedcontext.ContextKey;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ContextProxies;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a name of a context stands for: one thing, however often it is declared. */
@ExtendWith(CleanThread.class)
class DeclarationTest {

    private static final ResourceOpener<AutoCloseable> OPENER = () -> () -> {
    };

    static final Consumer<ContextKey.Builder<String>> CONFIGURATION = key -> key.withDefault("none");

    private final NamedContext app = NamedContext.named("app");

    @Test // R2
    void sameNameAndTypeIsTheSameKey() {
        ContextKey<String> key = app.key("config", String.class);
        assertThat(app.<String>key("config", String.class)).isSameAs(key);
        assertThat(key.name()).isEqualTo("app.config");
        assertThat(NamedContext.named("app").<String>key("config", String.class)).isNotSameAs(key);
    }

    @Test
    void primitiveTypeStandsForItsBox() {
        ContextKey<Integer> key = app.key("count", int.class);
        assertThat(app.<Integer>key("count", Integer.class)).isSameAs(key);
        app.session().with(Map.of("count", 1)).run(() -> assertThat(key.get()).isEqualTo(1));
    }

    @Test // R2
    void anotherTypeIsRefused() {
        app.key("config", String.class);
        assertThatThrownBy(() -> app.key("config", Integer.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'app.config' is a key of type java.lang.String already, and cannot be a key of type"
                        + " java.lang.Integer too. Declare it with one type, or under another name");
        assertThatThrownBy(() -> app.resource("config", AutoCloseable.class, OPENER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'app.config' is a key of type java.lang.String already, and cannot be a resource of type"
                        + " java.lang.AutoCloseable too. Declare it with one type, or under another name");
    }

    @Test
    void resourceDeclaredAgainIsTheSame() {
        ResourceKey<AutoCloseable> link = app.resource("link", AutoCloseable.class, OPENER);
        assertThat(app.resource("link", AutoCloseable.class, OPENER)).isSameAs(link);
        assertThat(link).hasToString("ResourceKey[app.link]");
        assertThat(link.name()).isEqualTo("app.link");
        assertThatThrownBy(() -> app.resource("link", AutoCloseable.class, OPENER, closed -> {
        })).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'app.link' is a resource of type java.lang.AutoCloseable already, with another opener or"
                        + " closer. Declare it once, and keep the key in a static field");
        assertThatThrownBy(() -> app.key("link", AutoCloseable.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be a key of type");
    }

    @Test // R2, R4, R15
    void proxyIsTheSameForOneNameAndTypeAndForwardsToWhatIsBound() {
        ContextKey<List<String>> names = app.key("names", listOfStrings());
        List<String> proxy = app.proxy("names", listOfStrings());
        assertThat((Object) app.proxy("names", List.class)).isSameAs(proxy);
        assertThat(ContextProxies.isBound(proxy)).isFalse();
        assertThatThrownBy(proxy::size).isInstanceOf(UnboundContextException.class)
                .hasMessageContaining("No session of context 'app' is active").hasMessageContaining("'app.names'");
        List<String> value = List.of("a", "b");
        app.session().where(names, value).run(() -> {
            assertThat(proxy.size()).isEqualTo(2);
            assertThat(ContextProxies.isBound(proxy)).isTrue();
            assertThat(ContextProxies.unwrap(proxy)).isSameAs(value);
        });
        app.session().run(() -> assertThatThrownBy(proxy::size).isInstanceOf(UnboundContextException.class)
                .hasMessageContaining("has no value for 'app.names'"));
    }

    @Test
    void proxyMayBeMadeBeforeWhatItStandsFor() {
        AutoCloseable proxy = app.proxy("link", AutoCloseable.class);
        assertThat(ContextProxies.isBound(proxy)).isFalse();
        assertThatThrownBy(proxy::close).isInstanceOf(UnboundContextException.class)
                .hasMessage("Nothing is declared as 'app.link': declare it with key(\"link\", type) or"
                        + " resource(\"link\", type, opener), in a class that is initialized before the proxy is used");
        assertThat(proxy.toString()).contains("app.link");
        ResourceKey<AutoCloseable> link = app.resource("link", AutoCloseable.class, OPENER);
        assertThat((Object) app.proxy("link", AutoCloseable.class)).isSameAs(proxy);
        app.session().run(() -> {
            assertThat(ContextProxies.isBound(proxy)).isTrue();
            assertThat(link.isOpen()).isFalse();
            assertThat(ContextProxies.unwrap(proxy)).isSameAs(link.get());
        });
    }

    @Test
    void proxyMustFitWhatItStandsFor() {
        app.key("names", List.class);
        assertThat((Object) app.proxy("names", Iterable.class)).isInstanceOf(Iterable.class);
        assertThatThrownBy(() -> app.proxy("names", Runnable.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "'app.names' is a key of type java.util.List, and cannot be proxied as java.lang.Runnable: the"
                                + " type of a proxy must be the declared type or one of its supertypes");
        app.proxy("later", Runnable.class);
        assertThatThrownBy(() -> app.key("later", List.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'app.later' is a key of type java.util.List, and cannot be proxied as"
                        + " java.lang.Runnable");
        assertThat(app.<Runnable>key("later", Runnable.class).isBound()).isFalse(); // what failed has left nothing
    }

    @Test // P23
    void typeThatCannotBeProxiedIsRefused() {
        app.key("text", String.class);
        assertThatThrownBy(() -> app.proxy("text", String.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("String");
    }

    @Test
    void keyWithoutAClassIsTheSameAndChecksNothing() {
        ContextKey<Set<String>> roles = app.key("roles");
        assertThat(app.<Set<String>>key("roles")).isSameAs(roles);
        assertThat(roles.name()).isEqualTo("app.roles");
        assertThatThrownBy(roles::get).isInstanceOf(UnboundContextException.class)
                .hasMessageContaining("No session of context 'app' is active").hasMessageContaining("'app.roles'");
        app.session().where(roles, Set.of("admin")).run(() -> assertThat(roles.get()).containsExactly("admin"));
        app.session().with(Map.of("roles", Set.of("guest")))
                .run(() -> assertThat(roles.get()).containsExactly("guest"));
    }

    @Test
    void keyWithoutAClassIsNoneOfAClass() {
        app.key("roles");
        assertThatThrownBy(() -> app.key("roles", Set.class)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'app.roles' is a key without a class already, and cannot be a key of type java.util.Set"
                        + " too. Declare it with one type, or under another name");
        app.key("config", String.class);
        assertThatThrownBy(() -> app.key("config")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'app.config' is a key of type java.lang.String already, and cannot be a key without a"
                        + " class too. Declare it with one type, or under another name");
        app.resource("link", AutoCloseable.class, OPENER);
        assertThatThrownBy(() -> app.key("link")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'app.link' is a resource of type java.lang.AutoCloseable already");
        assertThatThrownBy(() -> app.resource("roles", AutoCloseable.class, OPENER))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("'app.roles' is a key without a");
    }

    @Test
    @SuppressWarnings("unchecked")
    void proxyOfAKeyWithoutAClassFitsTheValueOrNot() {
        List<String> early = app.proxy("roles", List.class);
        ContextKey<List<String>> roles = app.key("roles");
        List<String> proxy = app.proxy("roles", List.class);
        assertThat((Object) proxy).isSameAs(early);
        Runnable other = app.proxy("roles", Runnable.class);
        app.session().where(roles, List.of("admin")).run(() -> {
            assertThat(proxy.get(0)).isEqualTo("admin");
            assertThatThrownBy(other::run).isInstanceOf(ClassCastException.class);
        });
    }

    @Test
    void configuredKeyIsTheSameForTheSameConfiguration() {
        Consumer<ContextKey.Builder<String>> configuration = key -> key.withDefault("none");
        ContextKey<String> key = app.key("id", String.class, configuration);
        assertThat(key.name()).isEqualTo("app.id");
        assertThat(key.get()).isEqualTo("none");
        assertThat(app.key("id", String.class, configuration)).isSameAs(key);
        assertThat(app.<String>key("id", String.class)).isSameAs(key);
        assertThatThrownBy(() -> app.key("id", String.class, other -> other.withDefault("another")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'app.id' is a key of type java.lang.String already, without this configuration. Declare it"
                        + " once, and keep the key in a static field");
        app.key("plain", String.class);
        assertThatThrownBy(() -> app.key("plain", String.class, configuration))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("'app.plain' is a key of type");
        assertThatThrownBy(() -> app.key("id", Integer.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void configurationThatFailsDeclaresNothing() {
        IllegalStateException failure = new IllegalStateException("configuration");
        assertThatThrownBy(() -> app.key("id", String.class, key -> {
            throw failure;
        })).isSameAs(failure);
        assertThat(app.<Integer>key("id", Integer.class).name()).isEqualTo("app.id");
    }

    @Test
    void configurationMayDeclareOtherNames() {
        ContextKey<String> key = app.key("id", String.class,
                builder -> builder.unboundMessage(() -> "see " + app.key("other", String.class).name()));
        assertThatThrownBy(key::get).hasMessage("see app.other");
    }

    @Test
    void aDefaultCountsAsBoundForAProxy() {
        Runnable proxy = app.proxy("task", Runnable.class);
        app.key("task", Runnable.class, key -> key.withDefault(() -> {
        }));
        assertThat(ContextProxies.isBound(proxy)).isTrue();
        proxy.run();
        assertThat(proxy.toString()).doesNotContain("unbound");
    }

    @Test
    void threadsThatDeclareAtOnceGetTheSame() throws Exception {
        for (int round = 0; round < 200; round++) {
            NamedContext context = NamedContext.named("c" + round);
            Set<Object> made = ConcurrentHashMap.newKeySet();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = IntStream.range(0, 4).mapToObj(i -> new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                made.add(context.key("k", String.class));
                made.add(context.key("configured", String.class, CONFIGURATION));
                made.add(context.resource("r", AutoCloseable.class, OPENER));
                made.add(new ByIdentity(context.proxy("r", AutoCloseable.class)));
            })).toList();
            threads.forEach(Thread::start);
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(made).hasSize(4);
        }
    }

    /** A proxy of what is not bound has no hash. */
    private record ByIdentity(Object proxy) {

        @Override
        public boolean equals(Object other) {
            return other instanceof ByIdentity that && that.proxy == proxy;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(proxy);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Class<List<String>> listOfStrings() {
        return (Class) List.class;
    }
}
