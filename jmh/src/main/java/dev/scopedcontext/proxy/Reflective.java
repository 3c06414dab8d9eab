package dev.scopedcontext.proxy;

import dev.scopedcontext.ContextKey;

/** Makes dynamic proxies although Byte Buddy is there. */
public final class Reflective {
    private Reflective() {
    }

    /** Makes a proxy. */
    public static <T> T of(Class<T> type, ContextKey<T> key) {
        return new DynamicProxies().make(type, new KeyTarget(type, key, null));
    }
}
