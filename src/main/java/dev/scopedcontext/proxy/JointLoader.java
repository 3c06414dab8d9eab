package dev.scopedcontext.proxy;

import org.jspecify.annotations.Nullable;

/**
 * Sees what the loader of a user's type sees, and what marks a proxy: for the class of a proxy that cannot be
 * defined beside the type.
 */
final class JointLoader extends ClassLoader {

    private static final @Nullable ClassLoader OURS = JointLoader.class.getClassLoader();
    private static final String MARKS = Hidden.class.getName() + "$";

    private JointLoader(@Nullable ClassLoader theirs) {
        super(theirs);
    }

    static JointLoader of(Class<?> type) {
        return new JointLoader(type.getClassLoader());
    }

    /** Loads what marks a proxy from here, also if the type's own loader sees another copy of this library. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return name.startsWith(MARKS) ? Class.forName(name, false, OURS) : super.loadClass(name, resolve);
    }

    Class<?> define(String name, byte[] classFile) {
        return defineClass(name, classFile, 0, classFile.length);
    }
}
