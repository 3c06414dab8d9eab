package dev.scopedcontext.proxy;

import org.objenesis.Objenesis;
import org.objenesis.ObjenesisStd;

/** Creates instances of proxy classes without running a constructor, which could fail or have side effects. */
final class ProxyInstances {

    /** Has no cache, since a cache would prevent the classes from being collected. */
    private static final Objenesis OBJENESIS = new ObjenesisStd(false);

    private ProxyInstances() {
    }

    static Object create(Class<?> type) {
        return OBJENESIS.newInstance(type);
    }
}
