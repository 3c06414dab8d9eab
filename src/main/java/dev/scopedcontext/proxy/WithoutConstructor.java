package dev.scopedcontext.proxy;

import org.objenesis.Objenesis;
import org.objenesis.ObjenesisStd;

/** Makes an object without running a constructor, which for a proxy could do anything or fail. */
final class WithoutConstructor {

    /** Keeps nothing, since it would keep the classes. */
    private static final Objenesis OBJENESIS = new ObjenesisStd(false);

    private WithoutConstructor() {
    }

    static Object instance(Class<?> type) {
        return OBJENESIS.newInstance(type);
    }
}
