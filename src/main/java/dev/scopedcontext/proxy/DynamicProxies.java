package dev.scopedcontext.proxy;

import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;

/** Makes proxies of interfaces with {@code java.lang.reflect.Proxy}, which keeps their classes by itself. */
final class DynamicProxies implements ProxyForm {

    private static final PerType<InterfaceMethods> METHODS = new PerType<>(InterfaceMethods::of);
    private static final PerType<ClassLoader> JOINT_LOADERS = new PerType<>(JointLoader::of);

    @Override
    public <T> T make(Class<T> type, Target target) {
        InterfaceMethods methods = METHODS.get(type);
        ClassLoader loader = type.getClassLoader();
        boolean replaceable = Access.seesUs(type);
        if (!replaceable && Modifier.isPublic(type.getModifiers())) {
            loader = JOINT_LOADERS.get(type);
            replaceable = true;
        }
        Class<?>[] interfaces = replaceable ? new Class<?>[]{type, Hidden.Replaceable.class} : new Class<?>[]{type};
        return type.cast(Proxy.newProxyInstance(loader, interfaces, new Forwarder(type, target, methods)));
    }
}
