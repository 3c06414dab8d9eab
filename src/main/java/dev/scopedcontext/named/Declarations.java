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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys, resources and proxies of a context. Each is made once, however often and by however many threads it
 * is declared. Written under a lock, read without.
 */
final class Declarations {

    private final NamedContext context;
    private final Map<String, Declaration> declared = new ConcurrentHashMap<>();
    private final List<ContextKey<?>> keys = new CopyOnWriteArrayList<>();
    private final Map<ProxyId, Object> proxies = new ConcurrentHashMap<>();

    Declarations(NamedContext context) {
        this.context = context;
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

    /** Returns all names, in alphabetical order. */
    Set<String> names() {
        return new TreeSet<>(declared.keySet());
    }

    @SuppressWarnings("unchecked")
    synchronized <T extends @Nullable Object> ContextKey<T> key(String name, Class<?> type) {
        Class<?> boxed = boxed(type);
        Declaration before = declared.get(name);
        if (before == null) {
            ContextKey<T> key = ContextKey.<T>builder(context.qualify(name))
                    .unboundMessage(() -> context.unbound(context.qualify(name))).build();
            declare(name, Declaration.of(key, boxed));
            keys.add(key);
            return key;
        }
        if (before.isResource() || before.type() != boxed) {
            throw new IllegalArgumentException(before + " already, and cannot be a key of type " + type.getName()
                    + " too. Declare it with one type, or under another name");
        }
        return (ContextKey<T>) before.key();
    }

    @SuppressWarnings("unchecked")
    synchronized <T> ResourceKey<T> resource(String name, Class<T> type, ResourceOpener<? extends T> opener,
            ResourceCloser<? super T> closer) {
        Declaration before = declared.get(name);
        if (before == null) {
            ResourceKey<T> key = new ResourceKey<>(context, name, declared.size() - keys.size(), opener, closer);
            declare(name, Declaration.of(key, boxed(type)));
            return key;
        }
        if (!before.isResource() || before.type() != boxed(type)) {
            throw new IllegalArgumentException(before + " already, and cannot be a resource of type " + type.getName()
                    + " too. Declare it with one type, or under another name");
        }
        ResourceKey<T> key = (ResourceKey<T>) before.key();
        if (!key.isOpenedAndClosedBy(opener, closer)) {
            throw new IllegalArgumentException(before + " already, with another opener or closer. Declare it once, and"
                    + " keep the key in a static field");
        }
        return key;
    }

    private void declare(String name, Declaration declaration) {
        proxies.keySet().stream().filter(proxy -> proxy.name.equals(name))
                .forEach(proxy -> ensureFits(proxy.type, declaration));
        declared.put(name, declaration);
    }

    <T> T proxy(String name, Class<T> type) {
        ProxyId id = new ProxyId(name, type);
        Object proxy = proxies.get(id);
        if (proxy == null) {
            Supplier<T> source = new NamedSource<>(this, context.qualify(name), name);
            proxy = keep(id, ContextProxies.of(type, source)); // made outside of the lock: it may load classes
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
        if (!proxy.isAssignableFrom(declaration.type())) {
            throw new IllegalArgumentException(declaration + ", and cannot be proxied as " + proxy.getName()
                    + ": a proxy's type must be that of what it stands for, or one of its supertypes");
        }
    }

    /** Returns the box of a primitive type, of which values are, or else the type. */
    private static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }

    /** What proxies are kept by. */
    private record ProxyId(String name, Class<?> type) {
    }
}
