package dev.scopedcontext.proxy;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cache of one value per type. It does not prevent types, values and their class loaders from being collected.
 *
 * @param <V> the type of the values
 */
final class TypeCache<V> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Class<?>, WeakReference<V>> values = new WeakHashMap<>();
    private final Function<Class<?>, V> maker;

    TypeCache(Function<Class<?>, V> maker) {
        this.maker = maker;
    }

    V get(Class<?> type) {
        lock.lock();
        try {
            WeakReference<V> known = values.get(type);
            @Nullable
            V value = known == null ? null : known.get();
            if (value == null) {
                value = maker.apply(type);
                values.put(type, new WeakReference<>(value));
            }
            return value;
        } finally {
            lock.unlock();
        }
    }
}
