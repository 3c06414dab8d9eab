package dev.scopedcontext.proxy;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was made for a type, for as long as someone has it. Neither the type nor what was made is kept from
 * being collected, nor are their class loaders.
 */
final class PerType<V> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Class<?>, WeakReference<V>> made = new WeakHashMap<>();
    private final Function<Class<?>, V> maker;

    PerType(Function<Class<?>, V> maker) {
        this.maker = maker;
    }

    V get(Class<?> type) {
        lock.lock();
        try {
            WeakReference<V> known = made.get(type);
            @Nullable
            V value = known == null ? null : known.get();
            if (value == null) {
                value = maker.apply(type);
                made.put(type, new WeakReference<>(value));
            }
            return value;
        } finally {
            lock.unlock();
        }
    }
}
