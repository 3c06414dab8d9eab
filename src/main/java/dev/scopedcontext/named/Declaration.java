package dev.scopedcontext.named;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ContextSnapshot;
import dev.scopedcontext.UnboundContextException;
import dev.scopedcontext.proxy.ProxySource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The key or resource that is declared under a name of a context.
 *
 * @param name the name of the context and the name in it
 * @param type the type of its values, never a primitive one; null if the key was declared without a class
 * @param source the resource, or the key as a source
 * @param configuration the configuration that the key was declared with, if any
 */
record Declaration(String name, @Nullable Class<?> type, ProxySource<?> source,
        @Nullable Consumer<?> configuration) {

    static Declaration of(ContextKey<?> key, @Nullable Class<?> type, @Nullable Consumer<?> configuration) {
        return new Declaration(key.name(), type, new KeySource<>(key, configuration != null && hasDefault(key)),
                configuration);
    }

    static Declaration of(ResourceKey<?> key, Class<?> type) {
        return new Declaration(key.name(), type, key, null);
    }

    private static boolean hasDefault(ContextKey<?> key) {
        try {
            ContextSnapshot.empty().get(key);
            return true;
        } catch (UnboundContextException none) {
            return false;
        }
    }

    /** Returns the declared object: a {@code ContextKey} or a {@code ResourceKey}. */
    Object key() {
        return source instanceof KeySource<?> of ? of.key : source;
    }

    boolean isResource() {
        return source instanceof ResourceKey<?>;
    }

    /** Returns whether an object can be the value. Null is a value of a key, but not of a resource. */
    boolean accepts(@Nullable Object value) {
        return value == null ? !isResource() : type == null || type.isInstance(value);
    }

    /** Returns whether a proxy of a type fits this declaration. The values of a key without a class are not checked. */
    boolean fits(Class<?> proxy) {
        return type == null || proxy.isAssignableFrom(type);
    }

    /** Returns the description of a type for messages. */
    static String ofType(@Nullable Class<?> type) {
        return type == null ? " without a class" : " of type " + type.getName();
    }

    @Override
    public String toString() {
        return "'" + name + "' is a " + (isResource() ? "resource" : "key") + ofType(type);
    }

    /**
     * A key, as the source of a proxy. For a proxy, a default counts as bound.
     *
     * @param key the key
     * @param hasDefault whether the key has a default
     */
    private record KeySource<T extends @Nullable Object>(ContextKey<T> key, boolean hasDefault)
            implements
                ProxySource<T> {

        @Override
        public T get() {
            return key.get();
        }

        @Override
        public boolean isBound() {
            return hasDefault || key.isBound();
        }

        @Override
        public String toString() {
            return key.toString();
        }
    }
}
