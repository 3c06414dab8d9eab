package dev.scopedcontext.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;

/** Loads a copy of the library and its tests, and delegates all other classes. This loader can be collected. */
public final class OwnLibrary extends URLClassLoader {

    /** Loads from the location of the running tests. With null as parent, only classes of the JDK are delegated. */
    public OwnLibrary(ClassLoader parent) throws Exception {
        super(places(), parent);
    }

    private static URL[] places() throws Exception {
        return new URL[]{ChildJvm.library().toUri().toURL(), ChildJvm.tests().toUri().toURL()};
    }

    /** Checks that nothing retains a loader or one of its classes. */
    public static void assertCollected(WeakReference<ClassLoader> loader) throws InterruptedException {
        for (int i = 0; i < 200 && loader.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(loader.get()).isNull();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("dev.scopedcontext.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }
}
