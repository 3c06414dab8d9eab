package dev.scopedcontext.proxy;

import dev.scopedcontext.ContextKey;

/** Creates dynamic proxies even if Byte Buddy is available. */
public final class Reflective {
    private Reflective() {
    }

    /** Creates a proxy. */
    public static <T> T of(Class<T> type, ContextKey<T> key) {
        return new DynamicProxies().make(type, new KeyTarget(type, key, null));
    }
}
