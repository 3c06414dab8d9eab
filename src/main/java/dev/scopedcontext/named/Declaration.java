package dev.scopedcontext.named;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.proxy.ProxySource;
import org.jspecify.annotations.Nullable;

/**
 * What a name of a context stands for.
 *
 * @param name the name of the context and the name in it
 * @param type what a value must be, never a primitive type
 * @param source the resource, or the key as a source
 */
record Declaration(String name, Class<?> type, ProxySource<?> source) {

    static Declaration of(ContextKey<?> key, Class<?> type) {
        return new Declaration(key.name(), type, new KeySource<>(key));
    }

    static Declaration of(ResourceKey<?> key, Class<?> type) {
        return new Declaration(key.name(), type, key);
    }

    /** Returns what users hold: a {@code ContextKey} or a {@code ResourceKey}. */
    Object key() {
        return source instanceof KeySource<?> of ? of.key : source;
    }

    boolean isResource() {
        return source instanceof ResourceKey<?>;
    }

    /** Tells whether something given by its name can be a value; null can be one of a key. */
    boolean accepts(@Nullable Object value) {
        return value == null ? !isResource() : type.isInstance(value);
    }

    @Override
    public String toString() {
        return "'" + name + "' is a " + (isResource() ? "resource" : "key") + " of type " + type.getName();
    }

    /**
     * A key, as what a proxy forwards to.
     *
     * @param key the key
     */
    private record KeySource<T extends @Nullable Object>(ContextKey<T> key) implements ProxySource<T> {

        @Override
        public T get() {
            return key.get();
        }

        @Override
        public boolean isBound() {
            return key.isBound();
        }

        @Override
        public String toString() {
            return key.toString();
        }
    }
}
