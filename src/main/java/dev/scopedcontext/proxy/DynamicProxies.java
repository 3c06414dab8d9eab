package dev.scopedcontext.proxy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;

/** Makes proxies of interfaces with {@code java.lang.reflect.Proxy}, which keeps their classes by itself. */
final class DynamicProxies implements ProxyForm {

    private static final PerType<ClassLoader> JOINT_LOADERS = new PerType<>(JointLoader::of);

    @Override
    public <T> T make(Class<T> type, Target target) {
        boolean closed = isClosed(type);
        ClassLoader loader = type.getClassLoader();
        boolean replaceable = Access.seesUs(type);
        if (!replaceable && Modifier.isPublic(type.getModifiers())) {
            loader = JOINT_LOADERS.get(type);
            replaceable = true;
        }
        Class<?>[] interfaces = replaceable ? new Class<?>[]{type, Hidden.Replaceable.class} : new Class<?>[]{type};
        return type.cast(Proxy.newProxyInstance(loader, interfaces, new Forwarder(type, target, closed)));
    }

    /** Tells whether methods of the interface can be called only after asking for access; checks that asking helps. */
    private static boolean isClosed(Class<?> type) {
        boolean closed = false;
        for (Method method : type.getMethods()) {
            Class<?> declaring = method.getDeclaringClass();
            if (!Modifier.isStatic(method.getModifiers()) && !Access.isPublic(declaring)) {
                Access.ensureOpen(type, declaring);
                closed = true;
            }
        }
        return closed;
    }
}
