package dev.scopedcontext.proxy;

import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Where the classes of proxies are defined: where both the user's type and this library are seen, if there is such. */
final class Loaders {

    private static final ClassLoader OURS = Loaders.class.getClassLoader();

    private Loaders() {
    }

    /** Returns the loader for dynamic proxies of an interface. */
    static @Nullable ClassLoader forProxiesOf(Class<?> type) {
        ClassLoader theirs = type.getClassLoader();
        if (sees(theirs, Hidden.Replaceable.class) || !Modifier.isPublic(type.getModifiers())) {
            return theirs; // A type that is not public has proxies in its own package only.
        }
        return sees(OURS, type) ? OURS : theirs;
    }

    static boolean sees(@Nullable ClassLoader loader, Class<?> type) {
        try {
            return Class.forName(type.getName(), false, loader) == type;
        } catch (ClassNotFoundException | LinkageError unseen) {
            return false;
        }
    }
}
