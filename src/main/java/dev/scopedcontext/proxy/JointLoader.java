package dev.scopedcontext.proxy;

import org.jspecify.annotations.Nullable;

/**
 * Loads the class of a proxy that cannot be defined beside the type. Delegates to the loader of the type, and loads the
 * markers of proxies from this library.
 */
final class JointLoader extends ClassLoader {

    private static final @Nullable ClassLoader OURS = JointLoader.class.getClassLoader();
    private static final String MARKERS = ProxyMarkers.class.getName() + "$";

    private JointLoader(@Nullable ClassLoader theirs) {
        super(theirs);
    }

    static JointLoader of(Class<?> type) {
        return new JointLoader(type.getClassLoader());
    }

    /** Loads the markers from this library, even if the type's own loader sees another copy of it. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return name.startsWith(MARKERS) ? Class.forName(name, false, OURS) : super.loadClass(name, resolve);
    }

    Class<?> define(String name, byte[] classFile) {
        return defineClass(name, classFile, 0, classFile.length);
    }
}
