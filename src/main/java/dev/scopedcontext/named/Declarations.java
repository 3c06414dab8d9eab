package dev.scopedcontext.named;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.proxy.ContextProxies;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys, resources and proxies of a context. Each is created once, even if several threads declare it. Written under
 * a lock, read without.
 */
final class Declarations {

    private final SessionKey session;
    private final Map<String, Declaration> declared = new ConcurrentHashMap<>();
    private final List<ContextKey<?>> keys = new CopyOnWriteArrayList<>();
    private final Set<ContextKey<?>> configured = ConcurrentHashMap.newKeySet();
    private final Map<ProxyId, Object> proxies = new ConcurrentHashMap<>();

    Declarations(SessionKey session) {
        this.session = session;
    }

    /** Returns the keys of values, in the order of declaration. */
    List<ContextKey<?>> keys() {
        return keys;
    }

    @Nullable
    Declaration find(String name) {
        return declared.get(name);
    }

    boolean contains(ContextKey<?> key) {
        return keys.contains(key);
    }

    /** Returns whether a key was declared with a configuration, which may let its values nest. */
    boolean isConfigured(ContextKey<?> key) {
        return configured.contains(key);
    }

    /** Returns all names, in alphabetical order. */
    Set<String> names() {
        return new TreeSet<>(declared.keySet());
    }

    /** Declares a key, or returns the one that has the name. */
    @SuppressWarnings("unchecked")
    <T extends @Nullable Object> ContextKey<T> key(String name, @Nullable Class<?> type,
            @Nullable Consumer<? super ContextKey.Builder<T>> configuration) {
        Class<?> boxed = type == null ? null : boxed(type);
        Declaration known = declared.get(name);
        if (known == null) { // outside of the lock, since it calls code of the application
            known = declareKey(name, Declaration.of(create(name, configuration), boxed, configuration));
        }
        ensureSame(known, boxed, configuration);
        return (ContextKey<T>) known.key();
    }

    private <T extends @Nullable Object> ContextKey<T> create(String name,
            @Nullable Consumer<? super ContextKey.Builder<T>> configuration) {
        String qualified = session.qualify(name);
        ContextKey.Builder<T> builder = ContextKey.<T>builder(qualified)
                .unboundMessage(() -> session.unbound(qualified));
        if (configuration != null) {
            configuration.accept(builder);
        }
        return builder.build();
    }

    /** Returns the declaration that has the name: the given one, unless another thread was first. */
    private synchronized Declaration declareKey(String name, Declaration declaration) {
        Declaration before = declared.get(name);
        if (before != null) {
            return before;
        }
        ensureProxiesFit(name, declaration);
        ContextKey<?> key = (ContextKey<?>) declaration.key();
        keys.add(key);
        if (declaration.configuration() != null) {
            configured.add(key);
        }
        declared.put(name, declaration);
        return declaration;
    }

    private static void ensureSame(Declaration known, @Nullable Class<?> type, @Nullable Consumer<?> configuration) {
        if (known.isResource() || known.type() != type) {
            throw new IllegalArgumentException(known + " already, and cannot be a key" + Declaration.ofType(type)
                    + " too. Declare it with one type, or under another name");
        }
        if (configuration != null && configuration != known.configuration()) {
            throw new IllegalArgumentException(known + " already, without this configuration. Declare it once, and"
                    + " keep the key in a static field");
        }
    }

    @SuppressWarnings("unchecked")
    synchronized <T> ResourceKey<T> resource(String name, Class<T> type, ResourceOpener<? extends T> opener,
            ResourceCloser<? super T> closer) {
        Declaration before = declared.get(name);
        if (before == null) {
            ResourceKey<T> key = new ResourceKey<>(session, new ResourceDefinition(session.context(),
                    session.qualify(name), declared.size() - keys.size(), opener, closer));
            Declaration declaration = Declaration.of(key, boxed(type));
            ensureProxiesFit(name, declaration);
            declared.put(name, declaration);
            return key;
        }
        if (!before.isResource() || before.type() != boxed(type)) {
            throw new IllegalArgumentException(before + " already, and cannot be a resource of type " + type.getName()
                    + " too. Declare it with one type, or under another name");
        }
        ResourceKey<T> key = (ResourceKey<T>) before.key();
        if (!key.definition().isOpenedAndClosedBy(opener, closer)) {
            throw new IllegalArgumentException(before + " already, with another opener or closer. Declare it once, and"
                    + " keep the key in a static field");
        }
        return key;
    }

    private void ensureProxiesFit(String name, Declaration declaration) {
        proxies.keySet().stream().filter(proxy -> proxy.name.equals(name))
                .forEach(proxy -> ensureFits(proxy.type, declaration));
    }

    /** Returns a proxy of a name, which need not be declared yet. */
    <T> T proxy(String name, Class<T> type) {
        ProxyId id = new ProxyId(name, type);
        Object proxy = proxies.get(id);
        if (proxy == null) {
            Supplier<T> source = new NamedSource<>(() -> declared.get(name), session.qualify(name), name);
            proxy = keep(id, ContextProxies.of(type, source)); // outside of the lock, since it may load classes
        }
        return type.cast(proxy);
    }

    private synchronized Object keep(ProxyId id, Object proxy) {
        Declaration declaration = declared.get(id.name);
        if (declaration != null) {
            ensureFits(id.type, declaration);
        }
        Object before = proxies.putIfAbsent(id, proxy);
        return before == null ? proxy : before;
    }

    private static void ensureFits(Class<?> proxy, Declaration declaration) {
        if (!declaration.fits(proxy)) {
            throw new IllegalArgumentException(declaration + ", and cannot be proxied as " + proxy.getName()
                    + ": the type of a proxy must be the declared type or one of its supertypes");
        }
    }

    /** Returns the wrapper class of a primitive type, or else the type itself. */
    private static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }

    /** Identifies a proxy. */
    private record ProxyId(String name, Class<?> type) {
    }
}
